/**
 * What the page does beside being read: it filters, opens what a link leads to, keeps the filter in the address, keeps
 * relative times right and copies commands. Without it everything is there all the same.
 */
export const script = `'use strict'
;(() => {
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector))
  const one = (id) => document.getElementById(id)
  const data = JSON.parse(one('data').textContent)
  const ids = data.instances.map((it) => it.id.toLowerCase())
  const hay = data.instances.map((it) => [
    it.id, it.component, it.stack, it.says, it.standing,
    it.ledger ? it.ledger.by + ' ' + it.ledger.commit.id + ' ' + (it.ledger.commit.subject || '') : '',
    (it.flight ? it.flight.commits : []).map((commit) => commit.id + ' ' + (commit.subject || '')).join(' '),
    (it.plans || []).map((plan) => plan.of + ' ' + plan.by + ' ' + plan.digest.replace(/^\\w+:/, '')).join(' '),
  ].join(' ').toLowerCase())
  const rows = all('[data-of]').map((element) => ({ element, of: element.dataset.of.split(' ').filter(Boolean).map(Number), square: element.classList.contains('sq') }))
  const form = one('filter'), box = one('q'), state = one('s'), found = one('found')

  function matches() {
    const words = box.value.toLowerCase().split(/\\s+/).filter((word) => word && word !== '-s')
    if (words.length === 0 && !state.value) return undefined
    // A word that is part of a name looks at names alone; any other at people, commits and digests too.
    const named = words.filter((word) => ids.some((id) => id.includes(word)))
    return data.instances.map((it, at) => (!state.value || it.standing === state.value) && words.every((word) => (named.includes(word) ? ids[at] : hay[at]).includes(word)))
  }
  function filter() {
    const match = matches()
    for (const { element, of, square } of rows) {
      const shown = !match || of.some((at) => match[at])
      if (square) element.classList.toggle('other', !shown)
      else if (element.hidden === shown) element.hidden = !shown
    }
    for (const row of all('.grid tbody tr')) row.hidden = !!match && !row.querySelector('.sq:not(.other)')
    const count = match ? match.filter(Boolean).length : data.instances.length
    const text = match ? count + ' of ' + data.instances.length : ''
    if (found.textContent !== text) found.textContent = text
    home()
  }

  function parts() {
    const [place, query] = location.hash.slice(1).split('?')
    return { place: decodeURIComponent(place), query }
  }
  function remember() {
    const query = new URLSearchParams()
    if (box.value) query.set('q', box.value)
    if (state.value) query.set('s', state.value)
    const text = query.toString()
    const { place } = parts()
    history.replaceState(null, '', '#' + place + (text ? '?' + text : ''))
  }
  function arrive() {
    const { place, query } = parts()
    if (query !== undefined) {
      const given = new URLSearchParams(query)
      box.value = given.get('q') || ''
      state.value = given.get('s') || ''
      filter()
    }
    const target = place && one(place)
    if (!target) return
    for (let it = target; it; it = it.parentElement) {
      if (it.tagName === 'DETAILS') it.open = true
      if (it.hidden) it.hidden = false
    }
    target.scrollIntoView()
    target.focus({ preventScroll: true })
  }

  form.hidden = false
  form.addEventListener('submit', (event) => event.preventDefault())
  let waiting = 0
  form.addEventListener('input', () => {
    clearTimeout(waiting)
    waiting = setTimeout(() => { filter(); remember() }, data.instances.length > 500 ? 120 : 0)
  })
  addEventListener('hashchange', arrive)

  // One square of the grid takes part in the order of Tab; arrow keys move between them.
  const readout = one('readout')
  let current
  function home() {
    const first = current && !current.classList.contains('other') ? current : document.querySelector('.sq:not(.other)')
    if (first === current || !first) return
    if (current) current.tabIndex = -1
    current = first
    current.tabIndex = 0
  }
  const squares = all('.sq')
  if (squares.length > 0) {
    for (const square of squares) { square.tabIndex = -1; square.removeAttribute('title') }
    readout.hidden = false
    const told = readout.textContent
    const grid = document.querySelector('.grid')
    const say = (event) => {
      const square = event.target.closest('.sq')
      if (!square) return
      readout.textContent = square.getAttribute('aria-label')
      readout.classList.add('on')
    }
    grid.addEventListener('pointerover', say)
    grid.addEventListener('focusin', say)
    grid.addEventListener('pointerleave', () => { readout.textContent = told; readout.classList.remove('on') })
    grid.addEventListener('keydown', (event) => {
      const square = event.target.closest('.sq')
      if (!square || event.altKey || event.ctrlKey || event.metaKey) return
      const next = neighbour(square, event.key)
      if (!next) return
      event.preventDefault()
      current.tabIndex = -1
      current = next
      next.tabIndex = 0
      next.focus()
    })
  }
  function neighbour(square, key) {
    const cell = square.parentElement, row = cell.parentElement
    const side = all('.sq', row), at = side.indexOf(square)
    if (key === 'ArrowRight') return side[at + 1]
    if (key === 'ArrowLeft') return side[at - 1]
    if (key === 'Home') return side[0]
    if (key === 'End') return side[side.length - 1]
    if (key !== 'ArrowDown' && key !== 'ArrowUp') return undefined
    const lines = cell.querySelectorAll('.sq').length > 1 || row.cells.length === 2
    for (let it = row; (it = key === 'ArrowDown' ? it.nextElementSibling : it.previousElementSibling); ) {
      const others = all('.sq', it)
      const found = lines ? others[Math.min(at, others.length - 1)] : it.cells[cell.cellIndex].querySelector('.sq')
      if (found && !it.hidden) return found
    }
    return undefined
  }

  function relative() {
    const now = Date.now()
    for (const time of all('time.rel')) {
      const words = time.textContent.split(', ')
      const passed = now - Date.parse(time.dateTime)
      const minutes = Math.floor(passed / 60000), hours = Math.floor(minutes / 60), days = Math.floor(hours / 24)
      const ago = minutes < 1 ? 'just now' : hours < 1 ? minutes + ' min ago' : days < 1 ? hours + ' h ago' : days === 1 ? '1 day ago' : days + ' days ago'
      if (words[0] === ago) continue
      const at = new Date(time.dateTime)
      const date = at.toISOString().slice(0, 10) === new Date(now).toISOString().slice(0, 10) ? '' : at.getUTCDate() + ' ' + at.toLocaleString('en', { month: 'short', timeZone: 'UTC' }) + ' '
      time.textContent = ago + ', ' + date + at.toISOString().slice(11, 16) + ' UTC'
    }
    one('stale').hidden = now - data.madeMs < 86400000
  }
  relative()
  setInterval(relative, 60000)

  if (navigator.clipboard)
    for (const command of all('.acts .cmd')) {
      const button = document.createElement('button')
      button.type = 'button'
      button.className = 'copy'
      button.textContent = 'copy'
      button.setAttribute('aria-label', 'copy ' + command.textContent)
      button.addEventListener('click', () => navigator.clipboard.writeText(command.textContent).then(() => {
        button.textContent = 'copied'
        setTimeout(() => { button.textContent = 'copy' }, 1500)
      }))
      command.after(button)
    }

  filter()
  arrive()
})()
`
