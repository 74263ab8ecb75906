/**
 * The drawer in which a visitor breaks the sandbox, and watches the page cope.
 */
import { useSignal } from "@preact/signals"
import { useEffect, useRef } from "preact/hooks"
import type { View } from "../View.js"

interface Trial {
  readonly title: string
  readonly explanation: string
  /** A request to the sandbox's control endpoint. */
  readonly path: string
  readonly body?: unknown
  readonly method?: "DELETE"
  /** Whether the page loads again, to meet it. */
  readonly isMet: boolean
}

const trials: ReadonlyArray<Trial> = [
  {
    title: "Expire the token",
    explanation: "The API refuses the token in use. The client gets another one and asks again.",
    path: "tokens/expire",
    isMet: true
  },
  {
    title: "Sign out elsewhere",
    explanation: "The session ends and the token expires, as after a sign-out on another device.",
    path: "sessions/end",
    isMet: true
  },
  {
    title: "Two errors, then well again",
    explanation: "Status 503, twice. The client tries again by itself.",
    path: "faults",
    body: { effect: { _tag: "Unavailable" }, times: 2 },
    isMet: true
  },
  {
    title: "Break the server",
    explanation: "Status 503 until you repair it. Panels that fail say what to do; the rest stays.",
    path: "faults",
    body: { effect: { _tag: "Unavailable" }, times: 1000 },
    isMet: true
  },
  {
    title: "Limit the rate",
    explanation:
      "Status 429 and a wait of 90 seconds, longer than a call may take. The page counts down.",
    path: "faults",
    body: { effect: { _tag: "RateLimited", retryAfter: 90 }, times: 3 },
    isMet: true
  },
  {
    title: "Slow answers",
    explanation: "The next ten answers take three seconds longer.",
    path: "faults",
    body: { effect: { _tag: "Delay", milliseconds: 3000 }, times: 10 },
    isMet: true
  },
  {
    title: "Cut an answer in half",
    explanation: "The connection breaks in the middle of a body. The client tries again by itself.",
    path: "faults",
    body: { effect: { _tag: "CutBody" }, times: 1 },
    isMet: true
  },
  {
    title: "Repair everything",
    explanation: "Drops all faults that wait.",
    path: "faults",
    method: "DELETE",
    isMet: true
  }
]

interface Properties {
  readonly view: View
  readonly controlUrl: string
}

export const WhatIf = ({ view, controlUrl }: Properties) => {
  const isOpen = useSignal(false)
  const said = useSignal("")
  const opener = useRef<HTMLButtonElement>(null)

  const close = () => {
    isOpen.value = false
    opener.current?.focus()
  }
  useEffect(() => {
    const closeByKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && isOpen.peek()) close()
    }
    addEventListener("keydown", closeByKey)
    return () => removeEventListener("keydown", closeByKey)
  }, [])
  const run = async ({ title, path, body, method, isMet }: Trial) => {
    const answer = await fetch(`${controlUrl}/_sandbox/${path}`, {
      method: method ?? "POST",
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    }).catch(() => undefined)
    said.value = answer?.ok === true ? `Done: ${title}.` : `The sandbox did not take it: ${title}.`
    if (isMet) view.reload("all")
  }

  return (
    <>
      <button
        type="button"
        class="button"
        ref={opener}
        aria-expanded={isOpen.value}
        aria-controls="what-if"
        onClick={() => {
          isOpen.value = !isOpen.value
        }}
      >
        What if
      </button>
      <aside id="what-if" class="drawer" aria-label="What if" hidden={!isOpen.value}>
        <header>
          <h2>What if</h2>
          <button type="button" class="button button-quiet" onClick={close}>
            Close
          </button>
        </header>
        <p class="muted">
          Each of these does something to the sandbox, and loads the page's data again.
        </p>
        <p role="status" class="drawer-status">
          {said.value}
        </p>
        <ul>
          {trials.map((trial) => (
            <li key={trial.title}>
              <button type="button" class="button" onClick={() => run(trial)}>
                {trial.title}
              </button>
              <p>{trial.explanation}</p>
            </li>
          ))}
        </ul>
      </aside>
    </>
  )
}
