import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { maxCommentLength } from './comments.ts'
import type { GitHub } from './github.ts'
import type { Permission } from './people.ts'
import type { Review } from './pulls.ts'
import { maxDescriptionLength } from './statuses.ts'

/** What people, and runs beside ours, do in the repository `acme/infra` while a test asks GitHub about it. */
export interface OnGitHub {
  /** A commit more on a branch, made where it is new; its id. */
  push(branch: string): Promise<string>
  /** Opens a pull request of a branch into `main`; its number. */
  open(pull: { readonly branch: string; readonly author: string; readonly title: string }): Promise<number>
  /** Merges by squashing; the commit on `main`. */
  merge(number: number, by: string): Promise<string>
  review(number: number, by: string, state: Review['state']): Promise<void>
  comment(number: number, by: string, body: string): Promise<number>
  deleteComment(id: number): Promise<void>
  permit(login: string, permission: Permission): Promise<void>
  /** A run of `.github/workflows/airlock.yml` that is in progress. */
  run(of: { readonly event: string; readonly commit: string }): Promise<number>
  /** A job of a run, at work; its number. */
  job(run: number, name: string): Promise<number>
  endJob(id: number, conclusion: string): Promise<void>
  endRun(id: number, conclusion: string): Promise<void>
  /** Somebody approves environments that a run waits for. */
  approve(run: number, environments: readonly string[], by: string, comment: string): Promise<void>
  /** What the dispatches of `airlock.yml` were given so far. */
  dispatched(): Promise<readonly { readonly branch: string; readonly inputs: Readonly<Record<string, string>> }[]>
}

/** A repository `acme/infra` with a commit on `main`; `github` may do all that the port has, in the name of `robot`. */
export interface Opened {
  readonly github: GitHub
  readonly on: OnGitHub
  readonly robot: string
  close?(): Promise<void>
}

/** What every driver of `GitHub` does. `open` gives a repository of its own each time. */
export function githubContract(name: string, open: () => Promise<Opened>): void {
  describe(`github: ${name}`, () => {
    let it: Opened
    let github: GitHub
    let on: OnGitHub
    beforeEach(async () => {
      it = await open()
      github = it.github
      on = it.on
    })
    afterEach(() => it.close?.())

    const pull = async (branch = 'cidr') => {
      const head = await on.push(branch)
      return { head, number: await on.open({ branch, author: 'ann', title: `Change ${branch}` }) }
    }
    const nowhere = 'f'.repeat(40)

    test('comments are written, read and changed, and are gone when somebody deletes them', async () => {
      const { number } = await pull()
      const theirs = await on.comment(number, 'ann', '/airlock plan')
      const ours = await github.comments.create(number, 'planned')
      expect(ours).toMatchObject({ body: 'planned', author: it.robot })
      expect(ours.url).toMatch(new RegExp(`/acme/infra/pull/${number}#issuecomment-${ours.id}$`))
      expect(await github.comments.update(ours.id, 'applied')).toBe('updated')
      expect((await github.comments.list(number)).map(({ id, body, author }) => [id, body, author])).toEqual([
        [theirs, '/airlock plan', 'ann'],
        [ours.id, 'applied', it.robot],
      ])
      expect(await github.comments.get(theirs)).toMatchObject({ id: theirs, body: '/airlock plan' })
      await github.comments.react(theirs, 'eyes')
      await github.comments.react(theirs, 'eyes')
      await on.deleteComment(ours.id)
      expect(await github.comments.get(ours.id)).toBeUndefined()
      expect(await github.comments.update(ours.id, 'again')).toBe('gone')
      await expect(github.comments.react(ours.id, 'eyes')).rejects.toMatchObject({ code: 'github-missing' })
    })

    test('a comment has a length, and one character more is refused', async () => {
      const { number } = await pull()
      await expect(github.comments.create(number, 'x'.repeat(maxCommentLength + 1))).rejects.toMatchObject({
        code: 'github-failed',
      })
      const full = await github.comments.create(number, 'x'.repeat(maxCommentLength))
      expect(full.body).toHaveLength(maxCommentLength)
    })

    test('a status is set on a commit that is there, and the newest of a context counts', async () => {
      const { head } = await pull()
      const gate = (state: 'pending' | 'success', description: string) =>
        github.statuses.set(head, { context: 'airlock/gate', state, description, targetUrl: 'https://acme.test/1' })
      expect(await github.statuses.list(head)).toEqual([])
      await gate('pending', 'waits')
      await github.statuses.set(head, { context: 'other', state: 'failure', description: '' })
      await gate('success', 'x'.repeat(maxDescriptionLength))
      const found = await github.statuses.list(head)
      expect(new Map(found.map(({ context, state, creator }) => [context, [state, creator]]))).toEqual(
        new Map([
          ['airlock/gate', ['success', it.robot]],
          ['other', ['failure', it.robot]],
        ]),
      )
      expect(found.find(({ context }) => context === 'airlock/gate')?.targetUrl).toBe('https://acme.test/1')
      await expect(gate('success', 'x'.repeat(maxDescriptionLength + 1))).rejects.toMatchObject({
        code: 'github-failed',
      })
      await expect(
        github.statuses.set(nowhere, { context: 'airlock/gate', state: 'success', description: '' }),
      ).rejects.toMatchObject({ code: 'github-failed' })
    })

    test('a check run takes more annotations than one request, at a request for each fifty', async () => {
      const { head } = await pull()
      const annotations = Array.from({ length: 101 }, (_, line) => ({
        path: 'stacks/dev.yaml',
        line: line + 1,
        level: 'notice' as const,
        message: `line ${line + 1}`,
      }))
      const run = { name: 'airlock', commit: head, title: 'Planned', summary: 'all of it', annotations }
      const before = github.use().calls
      const { id } = await github.checks.create(run)
      expect(github.use().calls - before).toBe(3)
      await github.checks.update(id, { ...run, conclusion: 'success', annotations: [] })
      expect(github.use().calls - before).toBe(4)
    })

    test('pull requests are told as they are now, and as what a commit came with', async () => {
      const { head, number } = await pull()
      const other = await pull('other')
      expect(await github.pulls.get(number)).toMatchObject({
        number,
        title: 'Change cidr',
        author: 'ann',
        state: 'open',
        draft: false,
        head: { branch: 'cidr', commit: head, fork: false },
        base: { branch: 'main' },
      })
      const pushed = await on.push('cidr')
      expect((await github.pulls.get(number)).head.commit).toBe(pushed)
      const commit = await on.merge(number, 'ben')
      const merged = await github.pulls.get(number)
      expect(merged).toMatchObject({ state: 'closed', merged: { commit, by: 'ben' } })
      expect((await github.pulls.ofCommit(commit)).map((one) => one.number)).toEqual([number])
      expect((await github.pulls.open()).map((one) => one.number)).toEqual([other.number])
      await expect(github.pulls.get(999)).rejects.toMatchObject({ code: 'github-missing' })
    })

    test('reviews come in order, each with the commit that was looked at', async () => {
      const { head, number } = await pull()
      await on.review(number, 'ben', 'CHANGES_REQUESTED')
      const pushed = await on.push('cidr')
      await on.review(number, 'ben', 'APPROVED')
      expect((await github.pulls.reviews(number)).map(({ author, state, commit }) => [author, state, commit])).toEqual([
        ['ben', 'CHANGES_REQUESTED', head],
        ['ben', 'APPROVED', pushed],
      ])
    })

    test('permissions are the weakest word that is true', async () => {
      await on.permit('ben', 'maintain')
      await on.permit('cem', 'triage')
      expect(await github.people.permission('ben')).toBe('maintain')
      expect(await github.people.permission('cem')).toBe('triage')
      expect(['none', 'read']).toContain(await github.people.permission('stranger'))
    })

    test('deployments are listed newest first, and a success makes the one before inactive', async () => {
      const { head } = await pull()
      const deploy = (environment: string, digest: string) =>
        github.deployments.create({
          environment,
          commit: head,
          task: 'airlock',
          description: 'vpc',
          payload: { digest },
        })
      const first = await deploy('dev', '1')
      await deploy('prod', '2')
      const third = await deploy('dev', '3')
      expect(await github.deployments.state(first.id)).toBeUndefined()
      await github.deployments.setStatus(first.id, {
        state: 'success',
        description: 'done',
        logUrl: 'https://acme.test',
      })
      expect(await github.deployments.state(first.id)).toBe('success')
      await github.deployments.setStatus(third.id, { state: 'in_progress', description: '' })
      expect(await github.deployments.state(first.id)).toBe('success')
      await github.deployments.setStatus(third.id, { state: 'success', description: 'done' })
      expect(await github.deployments.state(first.id)).toBe('inactive')
      const found = await github.deployments.list({ environment: 'dev' }, 10)
      expect(found.map(({ id, payload, creator }) => [id, payload, creator])).toEqual([
        [third.id, { digest: '3' }, it.robot],
        [first.id, { digest: '1' }, it.robot],
      ])
      expect(await github.deployments.list({ environment: 'dev', task: 'airlock' }, 1)).toHaveLength(1)
      expect(await github.deployments.list({ environment: 'dev', task: 'deploy' }, 10)).toEqual([])
    })

    test('runs are told until they are over, with who approved environments', async () => {
      const commit = await on.push('main')
      const id = await on.run({ event: 'push', commit })
      expect(await github.runs.get(id)).toMatchObject({
        id,
        attempt: 1,
        event: 'push',
        headCommit: commit,
        status: 'in_progress',
        conclusion: undefined,
        workflow: '.github/workflows/airlock.yml',
      })
      expect((await github.runs.unfinished('airlock.yml')).map((run) => run.id)).toEqual([id])
      expect(await github.runs.reviews(id)).toEqual([])
      await on.approve(id, ['prod'], 'ben', 'ok')
      expect(await github.runs.reviews(id)).toEqual([
        { state: 'approved', environments: ['prod'], by: 'ben', comment: 'ok' },
      ])
      await on.endRun(id, 'success')
      expect(await github.runs.get(id)).toMatchObject({ status: 'completed', conclusion: 'success' })
      expect(await github.runs.unfinished('airlock.yml')).toEqual([])
      expect(await github.runs.get(987_654)).toBeUndefined()
    })

    test('a job is told of while its run goes on', async () => {
      const run = await on.run({ event: 'push', commit: await on.push('main') })
      const [one, two] = [await on.job(run, 'vpc · dev'), await on.job(run, 'app · dev')]
      await on.endJob(one, 'failure')
      expect(await github.runs.job(one)).toEqual({
        id: one,
        name: 'vpc · dev',
        status: 'completed',
        conclusion: 'failure',
      })
      expect(await github.runs.job(two)).toMatchObject({ status: 'in_progress', conclusion: undefined })
      expect(await github.runs.get(run)).toMatchObject({ status: 'in_progress' })
      expect(await github.runs.job(987_654)).toBeUndefined()
    })

    test('a workflow is started with its inputs, if there is one of that name', async () => {
      await github.runs.dispatch('airlock.yml', 'main', { task: 'plan', pr: '7' })
      expect(await on.dispatched()).toEqual([{ branch: 'main', inputs: { task: 'plan', pr: '7' } }])
      await expect(github.runs.dispatch('gone.yml', 'main', {})).rejects.toMatchObject({ code: 'github-missing' })
    })

    test('settings of the repository are read and changed', async () => {
      expect(await github.governance.facts()).toMatchObject({ defaultBranch: 'main', admin: true })
      const environment = {
        name: 'prod-apply',
        reviewers: [],
        preventsSelfReview: false,
        branches: ['main'],
      }
      await github.governance.setEnvironment({ ...environment, branches: ['main', 'release/*'] })
      await github.governance.setEnvironment(environment)
      expect(await github.governance.environments()).toContainEqual(environment)
      expect(await github.governance.mergeRules('main')).toBeUndefined()
      const rules = {
        requiredChecks: [{ context: 'airlock/gate' }],
        requiredReviews: 1,
        codeOwnerReview: true,
        dismissesStaleReviews: true,
        mergeQueue: false,
      }
      await github.governance.setRuleset('main', { ...rules, requiredReviews: 2 })
      await github.governance.setRuleset('main', rules)
      expect(await github.governance.mergeRules('main')).toEqual(rules)
      await github.governance.setVariable('STAGE', 'one')
      await github.governance.setVariable('STAGE', 'two')
      await github.governance.setVariable('STAGE', 'prod', 'prod-apply')
      expect(await github.governance.variables()).toEqual({ STAGE: 'two' })
      expect(await github.governance.variables('prod-apply')).toEqual({ STAGE: 'prod' })
      expect(await github.governance.secretNames()).toEqual([])
    })

    test('what is asked is counted', async () => {
      const { number } = await pull()
      const before = github.use().calls
      await github.pulls.get(number)
      await github.comments.create(number, 'x')
      expect(github.use().calls - before).toBe(2)
    })
  })
}
