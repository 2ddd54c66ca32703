import type { Comment, Comments } from '../comments.ts'
import { loginOf } from '../event.ts'
import type { Payload } from '../payload.ts'
import { isGitHub, type RestClient } from './rest-client.ts'

const one = '/repos/{owner}/{repo}/issues/comments/{comment_id}'
const all = '/repos/{owner}/{repo}/issues/{issue_number}/comments'

/** Comments over REST. */
export function restComments(client: RestClient): Comments {
  const list = async (number: number) =>
    (await client.list(`GET ${all}`, { issue_number: number }, { what: `pull request ${number}` })).map(comment)
  return {
    list,
    async get(id) {
      const found = await client.objectIf(`GET ${one}`, { comment_id: id }, { shared: true })
      return found && comment(found)
    },
    async create(number, body) {
      const make = async () =>
        comment(
          await client.object(
            `POST ${all}`,
            { issue_number: number, body },
            { what: `pull request ${number}`, once: true },
          ),
        )
      try {
        return await make()
      } catch (error) {
        if (!isGitHub('github-unavailable', error)) throw error
        // An answer that was lost says nothing of the comment, and a second one would stay.
        return (await list(number)).findLast((it) => it.body === body) ?? make()
      }
    },
    async update(id, body) {
      try {
        await client.send(`PATCH ${one}`, { comment_id: id, body })
        return 'updated'
      } catch (error) {
        if (isGitHub('github-missing', error)) return 'gone'
        throw error
      }
    },
    async react(id, content) {
      await client.send(`POST ${one}/reactions`, { comment_id: id, content }, { what: `comment ${id}` })
    },
  }
}

function comment(it: Payload): Comment {
  return {
    id: it.number('id'),
    body: it.textIf('body') ?? '',
    author: loginOf(it, 'user'),
    createdMs: it.time('created_at'),
    updatedMs: it.time('updated_at'),
    url: it.text('html_url'),
  }
}
