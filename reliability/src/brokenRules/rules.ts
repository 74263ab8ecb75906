/** Rules of login, calls, streams and secrets, each with a change that breaks it. */

import type { Rule } from "./rule.js"
import { signInRules } from "./signInRules.js"

export const rules: ReadonlyArray<Rule> = [
  {
    rule: "One token request for any number of callers",
    file: "packages/core/src/internal/token/cache.ts",
    from: "if (flight !== undefined)\n            return Deferred.await(flight);\n        const left",
    to: "const left",
    test: [
      "core/tokenProvider",
      "a thousand callers of a provider without a token share one request"
    ]
  },
  {
    rule: "Interrupting a caller does not end the token request",
    file: "packages/core/src/internal/token/cache.ts",
    from: "Deferred.await(begin(false))",
    to: "Effect.onInterrupt(Deferred.await(begin(false)), () => Scope.close(flights, Exit.void))",
    test: [
      "core/tokenProvider",
      "interrupting the caller that began a token request leaves it to the others"
    ]
  },
  {
    rule: "A rejected token is not sent again if its source returns it again",
    file: "packages/core/src/internal/token/cache.ts",
    from: "if (isSame(token, refused))",
    to: "if (false)",
    test: [
      "core/refusedTokens",
      "a refused token is not sent again if its source returns it again, and the source is not asked again at once"
    ]
  },
  {
    rule: "A token is renewed in the background from 2 minutes before its expiry",
    file: "packages/core/src/internal/token/cache.ts",
    from: '"2 minutes"',
    to: '"3 minutes"',
    test: [
      "core/tokenProvider",
      "a provider returns the old token and renews it in the background in its last two minutes"
    ]
  },
  {
    rule: "Calls wait for the new token in the last 30 seconds",
    file: "packages/core/src/internal/token/cache.ts",
    from: '?? "30 seconds"',
    to: '?? "29 seconds"',
    test: ["core/tokenProvider", "a provider waits for the new token in the last thirty seconds"]
  },
  {
    rule: "Calls do not wait for the new token before the last 30 seconds",
    file: "packages/core/src/internal/token/cache.ts",
    from: '?? "30 seconds"',
    to: '?? "119 seconds"',
    test: [
      "core/tokenProvider",
      "a provider returns the old token and renews it in the background in its last two minutes"
    ]
  },
  {
    rule: "A short lifetime shortens both the 2 minutes and the 30 seconds",
    file: "packages/core/src/AccessToken.ts",
    from: "Math.min(window, lifetime / share)",
    to: "window",
    test: ["core/tokenProvider", "both renewal windows shrink with a short lifetime"]
  },
  {
    rule: "A failed token request is not cached",
    file: "packages/core/src/internal/token/cache.ts",
    from: "if (flight === answer)",
    to: "if (flight === answer && Exit.isSuccess(exit))",
    test: [
      "core/tokenProvider",
      "a failed token request reaches all waiting callers and is not cached"
    ]
  },
  {
    rule: "`invalidate` applies only to the token it names",
    file: "packages/core/src/internal/token/cache.ts",
    from: "if (state.current === undefined || !isSame(state.current, token))",
    to: "if (state.current === undefined)",
    test: ["core/tokenProvider", "a hundred late refusals of one token cost one renewal"]
  },
  {
    rule: "A token request that began before a refusal does not refill the cache",
    file: "packages/core/src/internal/token/cache.ts",
    from: "state.generation++;",
    to: "",
    test: [
      "core/tokenProvider",
      "a token request from before the refusal does not refill the cache"
    ]
  },
  {
    rule: "Expiry: `expires_in` before the JWT's `exp`",
    file: "packages/core/src/AccessToken.ts",
    from: "options.expiresIn === undefined",
    to: "Option.isSome(expiryOfJwt(text))",
    test: ["core/accessToken", "AccessToken.make prefers expires_in to the JWT's expiry"]
  },
  {
    rule: "Expiry: the JWT's `exp` if there is no `expires_in`",
    file: "packages/core/src/AccessToken.ts",
    from: "? expiryOfJwt(Redacted.value(value), obtainedAt.epochMillis)",
    to: "? Option.none()",
    test: ["core/accessToken", "AccessToken.make rejects a JWT that has already expired"]
  },
  {
    rule: "A token without an expiry is kept until it is refused",
    file: "packages/core/src/AccessToken.ts",
    from: "onNone: () => Number.POSITIVE_INFINITY",
    to: "onNone: () => 0",
    test: ["core/tokenProvider", "a token without an expiry is kept until it is refused"]
  },
  {
    rule: "Time comes from `Clock`",
    file: "packages/core/src/internal/token/cache.ts",
    from: "const now = timeOf(clock);\n        if (now >= dueAt(state.current, waitBefore",
    to: "const now = Date.now();\n        if (now >= dueAt(state.current, waitBefore",
    test: [
      "core/tokenProvider",
      "a provider returns the old token and renews it in the background in its last two minutes"
    ]
  },
  {
    rule: "A closed layer fails with a typed error",
    file: "packages/core/src/internal/token/cache.ts",
    from: "if (isClosed)",
    to: "if (false)",
    test: [
      "core/tokenProvider",
      "after closing the layer a provider fails with a typed error, even with a valid token"
    ]
  },
  {
    rule: "Closing the layer releases waiting callers",
    file: "packages/core/src/internal/token/cache.ts",
    from: "Exit.isInterrupted(exit) ? Exit.fail(closed()) : exit",
    to: "exit",
    test: ["core/tokenProvider", "closing the layer fails waiting callers with a typed error"]
  },
  {
    rule: "Retries of token requests have a budget",
    file: "packages/core/src/internal/token/cache.ts",
    from: "= !budget.spend(policy)",
    to: "= false",
    test: [
      "core/tokenProvider",
      "token retries never exceed the budget, however many callers follow each other"
    ]
  },
  {
    rule: "An error says if the budget prevented a retry",
    file: "packages/core/src/internal/token/cache.ts",
    from: "isOverBudget ? overBudget(error) : error",
    to: "error",
    test: [
      "core/tokenProvider",
      "an error without a retry names the budget, and is otherwise unchanged"
    ]
  },
  {
    rule: "A refused token is removed from the store",
    file: "packages/core/src/internal/token/cache.ts",
    from: "if (stored !== undefined)",
    to: "if (false)",
    test: ["core/tokenStore", "a refused token is removed from the store, and renewed once for all"]
  },
  {
    rule: "One process at a time requests a token",
    file: "packages/node-adapter/src/internal/files/lock.ts",
    from: 'open(path, "wx", 0o600)',
    to: 'open(path, "w", 0o600)',
    test: [
      "node-adapter/tokenStoreProcesses",
      "50 processes that begin at once make one request for a token"
    ]
  },
  {
    rule: "A body that is not UTF-8 is not JSON",
    file: "packages/core/src/HttpExchange.ts",
    from: "answer.isUtf8 ?",
    to: "true ?",
    test: [
      "core/callAnswers",
      "a body that is not UTF-8 is not JSON, and other statuses keep their meaning"
    ]
  },
  {
    rule: "`errors` are read before the status",
    file: "packages/core/src/internal/call/readAnswer.ts",
    from: "if (errors !== undefined &&",
    to: "if (answer.status < 300 && errors !== undefined &&",
    test: ["core/callAnswers", "the errors of a response take precedence over its status and data"]
  },
  {
    rule: "The status is read before `data`",
    file: "packages/core/src/internal/call/readAnswer.ts",
    from: "if (answer.status < 200 || answer.status > 299)",
    to: 'if (envelope["data"] === undefined && answer.status > 299)',
    test: [
      "core/callAnswers",
      "without errors, the status of a response takes precedence over its data and over invalid JSON"
    ]
  },
  {
    rule: "`invalid-jwt` in a 200 renews and replays",
    file: "packages/core/src/internal/call/readAnswer.ts",
    from: 'entry.code === "invalid-jwt"',
    to: 'entry.code === ""',
    test: [
      "core/callAnswers",
      "a refused token is renewed and the request sent again, once per call, with retries before and after"
    ]
  },
  {
    rule: "A 401 renews and replays",
    file: "packages/core/src/internal/call/readAnswer.ts",
    from: "if (answer.status === 401)",
    to: "if (false)",
    test: [
      "core/callAnswers",
      "a refused token is renewed and the request sent again, once per call, with retries before and after"
    ]
  },
  {
    rule: "A call replays its request once",
    file: "packages/core/src/internal/call/attempt.ts",
    from: "state.hasReplayed = true",
    to: "",
    test: [
      "core/callAnswers",
      "a refused token is renewed and the request sent again, once per call, with retries before and after"
    ]
  },
  {
    rule: "Retries are on by default",
    file: "packages/core/src/RetryPolicy.ts",
    from: "attempts: 4",
    to: "attempts: 1",
    test: [
      "core/callAnswers",
      "retries are on by default: up to three within the deadline of one minute"
    ]
  },
  {
    rule: "Only failures that can pass are retried",
    file: "packages/core/src/internal/limits/retry.ts",
    from: "failure.isRetryable &&",
    to: "",
    test: ["core/retryPolicy", "a schedule does not retry a failure that is not retryable"]
  },
  {
    rule: "The random part of a wait is between zero and the policy's delay",
    file: "packages/core/src/internal/limits/retry.ts",
    from: "random * longest",
    to: "longest",
    test: ["core/retryBudget", "an error has the total time that its call waited"]
  },
  {
    rule: "`Retry-After` is obeyed",
    file: "packages/core/src/internal/limits/retry.ts",
    from: "asked + random * longest",
    to: "random * longest",
    test: ["core/retryPolicy", "a schedule waits at least as long as the server asks"]
  },
  {
    rule: "`x-ratelimit-reset` is obeyed",
    file: "packages/core/src/internal/http/retryAfter.ts",
    from: 'longest("x-ratelimit-reset")',
    to: 'longest("x-other")',
    test: [
      "core/deadline",
      "a Retry-After beyond the deadline fails the call at once and says when to come back, and a shorter one is waited for"
    ]
  },
  {
    rule: "A call fails at once if the required wait ends after its deadline",
    file: "packages/core/src/internal/limits/retry.ts",
    from: "now + wait < until &&",
    to: "",
    test: [
      "core/retryPolicy",
      "a schedule fails at once if the wait that the server asks for does not end before the deadline"
    ]
  },
  {
    rule: "The error says when to try again",
    file: "packages/core/src/internal/call/readAnswer.ts",
    from: "? comeBack(wait)",
    to: "? hint",
    test: [
      "core/deadline",
      "a Retry-After beyond the deadline fails the call at once and says when to come back, and a shorter one is waited for"
    ]
  },
  {
    rule: "All calls share one retry budget",
    file: "packages/core/src/internal/limits/retryBudget.ts",
    from: "spent += 10;",
    to: "",
    test: [
      "core/retryBudget",
      "retries that did not help never exceed the budget plus a tenth of the calls that succeeded at once"
    ]
  },
  {
    rule: "A success at the first attempt returns a tenth of a retry",
    file: "packages/core/src/internal/limits/retryBudget.ts",
    from: "spent - 1)",
    to: "spent - 2)",
    test: [
      "core/retryBudget",
      "each call that succeeds at once returns a tenth of a retry, and never more than was spent"
    ]
  },
  {
    rule: "One deadline covers token, turn and waits",
    file: "packages/core/src/internal/call/attempt.ts",
    from: "duration: state.deadline - millisOf(state.clock)",
    to: "duration: Infinity",
    test: [
      "core/deadline",
      "no call outlives its deadline, whatever token endpoint and server do, alone or in a queue"
    ]
  },
  {
    rule: "The deadline covers attempts",
    file: "packages/core/src/internal/call/attempt.ts",
    from: "Math.min(until, deadline)",
    to: "until",
    test: ["core/deadline", "the error of an exceeded deadline says what the call waited for"]
  },
  {
    rule: "The timeout of an attempt covers the body",
    file: "packages/core/src/internal/http/exchange.ts",
    from: "setAlarm(clock, until,",
    to: "setAlarm(clock, Infinity,",
    test: [
      "node-adapter/retries",
      "a body that stalls is tried again after the timeout of one attempt"
    ]
  },
  {
    rule: "Interrupting a fiber aborts the request",
    file: "packages/core/src/internal/http/exchange.ts",
    from: "abortRequest()",
    to: "",
    test: [
      "node-adapter/retries",
      "an interrupted call aborts its request, and the next one succeeds"
    ]
  },
  {
    rule: "Bodies have a size limit",
    file: "packages/core/src/internal/http/body.ts",
    from: "if (!(this.#size <= this.#maxBodySize))",
    to: "if (false)",
    test: ["node-adapter/compressedAnswers", "a compressed body without end is too large: fetch"]
  },
  {
    rule: "Any bytes over the wire become a value or a typed error",
    file: "packages/core/src/internal/parseJson.ts",
    from: "catch: () => undefined",
    to: "catch: (error) => { throw error; }",
    test: [
      "node-adapter/fuzzOverHttp",
      "any bytes of an endpoint are a response or a typed error: a token endpoint"
    ]
  },
  {
    rule: "Any environment becomes a client or a typed error",
    file: "packages/core/src/Api.ts",
    from: "URL.canParse(api.baseUrl)",
    to: "true",
    test: ["node-adapter/fuzzOverHttp", "any environment builds a client or is a typed error"]
  },
  {
    rule: "A program that dies prints no secret",
    file: "packages/core/src/internal/redact/text.ts",
    from: "return spans.length === 0 ? text : without(text, spans);",
    to: "return text;",
    test: [
      "node-adapter/secretsExported",
      "a program that dies prints no secret: a promise that is rejected unhandled"
    ]
  },
  {
    rule: "The demo prints no secret if it fails or crashes",
    file: "apps/demo/src/sections/login.ts",
    from: "token.value}",
    to: "Redacted.value(token.value)}",
    test: [
      "demo/demoSettings",
      "the demo prints no secret, whatever the server sends back: it crashes"
    ]
  },
  {
    rule: "Only its owner can read a token file",
    file: "packages/node-adapter/src/internal/files/texts.ts",
    from: "0o600",
    to: "0o644",
    test: [
      "node-adapter/secretsExported",
      "a token file holds the token and whose it is, for its owner alone"
    ]
  },
  {
    rule: "A window replaces one range of the time column; every other range stays in the filter",
    file: "packages/core/src/internal/stream/page.ts",
    from: "if (isIn || key !== time || !isTimeRange(value))",
    to: "if (!isTimeRange(value))",
    test: [
      "core/streamEqualsQuery",
      "a stream has the rows of its query, killed and resumed anywhere: of any query"
    ]
  },
  {
    rule: "Rows that share a key are not separated at the end of a page",
    file: "packages/core/src/internal/stream/page.ts",
    from: "isSameKey(keyBefore, lastKey)",
    to: "lastKeyStart === keys.length",
    test: [
      "core/streamEqualsQuery",
      "a stream has the rows of its query, killed and resumed anywhere: where rows share a key"
    ]
  },
  {
    rule: "Rows with a null key are streamed",
    file: "packages/core/src/internal/stream/page.ts",
    from: "return column.isNullable ? {",
    to: "return false ? {",
    test: [
      "core/streamEqualsQuery",
      "a stream has the rows of its query, killed and resumed anywhere: of any query"
    ]
  },
  {
    rule: "A page that is not full does not end a window",
    file: "packages/core/src/internal/stream/window.ts",
    from: "if (rowCount < Math.min(limit, size.cutAt))",
    to: "if (rowCount < limit) return handOn({ items: reader.items(rows, 0), rows: rowCount, key: lastKey }, true);\n        if (rowCount < Math.min(limit, size.cutAt))",
    test: [
      "core/streamEqualsQuery",
      "a stream has the rows of its query, killed and resumed anywhere: under a limit of the role"
    ]
  },
  {
    rule: "A page that a gateway rejects for its size is requested with fewer rows",
    file: "packages/core/src/internal/stream/window.ts",
    from: "!asksForTooMuch(error)\n",
    to: "true\n",
    test: [
      "core/streamEqualsQuery",
      "a stream has the rows of its query, killed and resumed anywhere: behind a gateway that refuses large pages"
    ]
  },
  {
    rule: "A resume point covers exactly the rows that were consumed",
    file: "packages/core/src/internal/stream/run.ts",
    from: "inHand = part;",
    to: "inHand = part;\n            Effect.runSync(noteConsumed);",
    test: [
      "core/streamEqualsQuery",
      "a stream has the rows of its query, killed and resumed anywhere: of any query"
    ]
  },
  {
    rule: "A row outside its window, or out of order, is an error",
    file: "packages/core/src/internal/stream/page.ts",
    from: "if (!(millis >= latest && millis < window.end.epochMillis))",
    to: "if (false)",
    test: [
      "core/streamEqualsQuery",
      "a stream has the rows of its query, killed and resumed anywhere: of a server that sends rows of another window, or the stream fails"
    ]
  },
  {
    rule: "A page begins after the row that was returned last, also after a resume",
    file: "packages/core/src/internal/stream/page.ts",
    from: "Math.max(window.start.epochMillis, timeOf(after))",
    to: "window.start.epochMillis",
    test: [
      "core/resumed",
      "a resumed stream fails if its page begins too early: at an earlier time: stream"
    ]
  },
  {
    rule: "A page of columns begins after the row that was returned last",
    file: "packages/core/src/internal/columns/keys.ts",
    from: "if (firstKey === undefined || isBefore(firstKey, after))",
    to: "if (false)",
    test: [
      "core/resumed",
      "a resumed stream fails if its page begins too early: at a lower number: columns"
    ]
  },
  {
    rule: "A query that leaves a dimension open is not sent",
    file: "packages/core/src/internal/query/arguments.ts",
    from: "&& !where.some((filter) => isPinned(filter, name))",
    to: "&& false",
    test: ["core/dimensions", "query does not send a query with an open dimension"]
  },
  {
    rule: "A number beyond the precision of a double keeps its digits",
    file: "packages/core/src/internal/rows/exactCells.ts",
    from: 'return typeof data === "number" && !cells.isExact?.(data, cells) ? (exact ?? data) : data;',
    to: "return data;",
    test: [
      "core/streamEqualsQuery",
      "a stream has the rows of its query, killed and resumed anywhere: of any query"
    ]
  },
  {
    rule: "A credential is sent in plain text to loopback addresses only",
    file: "packages/core/src/Api.ts",
    from: 'url.protocol === "http:" && !isLoopback(url)',
    to: "false",
    test: ["core/api", "a base URL may use plain HTTP on loopback only"]
  },
  {
    rule: "A redirect is not followed with a credential",
    file: "packages/core/src/internal/http/platformClient.ts",
    from: 'redirect: "manual"',
    to: 'redirect: "follow"',
    test: ["core/metricsClient", "redirects are not followed with a credential"]
  },
  {
    rule: "Errors of a response fail its columns, whatever rows it has",
    file: "packages/core/src/internal/columns/scan.ts",
    from: "if (body[next] !== closeObject)\n            return false;",
    to: "if (body[next] !== closeObject)\n            return level === 1;",
    test: ["core/columns", "columns and rows agree on every frame, status and name"]
  },
  {
    rule: "A response ends after its columns",
    file: "packages/core/src/internal/columns/scan.ts",
    from: "return next === body.length;",
    to: "return true;",
    test: ["core/columns", "columns and rows agree on every frame, status and name"]
  },
  {
    rule: "Columns are read from a response with status 200 only",
    file: "packages/core/src/internal/columns/reader.ts",
    from: "received.status === 200",
    to: "true",
    test: ["core/columns", "columns and rows agree on every frame, status and name"]
  },
  {
    rule: "A column is found by its key, not by its place in the row: the first bytes of the key",
    file: "packages/core/src/internal/columns/scan.ts",
    from: "if (size > 8 && view.getFloat64(at, true) !== column.firstWord)\n                return -1;",
    to: "",
    test: ["core/columns", "columns and rows agree on every frame, status and name"]
  },
  {
    rule: "A column is found by its key, not by its place in the row: the last bytes of the key",
    file: "packages/core/src/internal/columns/scan.ts",
    from: "if (view.getFloat64(cell - 8, true) !== column.lastWord)\n                return -1;",
    to: "",
    test: ["core/columns", "columns and rows agree on every frame, status and name"]
  },
  {
    rule: "A column is found by its key, not by its place in the row: the bytes between them",
    file: "packages/core/src/internal/columns/scan.ts",
    from: "if (view.getFloat64(at + 8 * word + 8, true) !== words[word])\n                        return -1;",
    to: "",
    test: ["core/columns", "columns and rows agree on every frame, status and name"]
  },
  {
    rule: "The scanner does not accept a row that names a column twice",
    file: "packages/core/src/internal/columns/scan.ts",
    from: "column === undefined || column.namedIn === row",
    to: "column === undefined",
    test: ["core/columns", "columns and rows agree on every frame, status and name"]
  },
  {
    rule: "A column that cannot be null refuses null",
    file: "packages/core/src/internal/columns/cells.ts",
    from: 'if (!column.field.isNullable && column.kind !== "json")\n        return -1;',
    to: "",
    test: ["core/columns.long", "columns and rows agree on every odd cell in every column"]
  },
  {
    rule: "An integer column has 32 bits",
    file: "packages/core/src/internal/columns/numbers.ts",
    from: "if (value > 2_147_483_647 || value < -2_147_483_648)\n        return -1;",
    to: "",
    test: ["core/columns.long", "columns and rows agree on every odd cell in every column"]
  },
  {
    rule: "A number of a column has no leading zero",
    file: "packages/core/src/internal/columns/numbers.ts",
    from: "digits > 10 || (digits > 1 && bytes[first] === 48)",
    to: "digits > 10",
    test: ["core/columns.long", "columns and rows agree on every odd cell in every column"]
  },
  {
    rule: "A text of a column is UTF-8",
    file: "packages/core/src/internal/columns/cells.ts",
    from: "if (all >= 0x80 && !isUtf8(bytes, start, end))\n        return -1;",
    to: "",
    test: ["core/columns.long", "columns and rows agree on every odd cell in every column"]
  },
  {
    rule: "A column has the double that is nearest to the number",
    file: "packages/core/src/internal/columns/numbers.ts",
    from: "return least === first + second * (1 + uncertainty) ? least : Number.NaN;",
    to: "return least;",
    test: ["core/columns.long", "columns and rows agree on every odd cell in every column"]
  },
  {
    rule: "A column keeps the microseconds of a time",
    file: "packages/core/src/internal/columns/cells.ts",
    from: "column.setMicros(row, micros);",
    to: "",
    test: [
      "core/columnsOverHttp",
      "a column keeps microseconds, spaces of JSON, and all digits of a decimal"
    ]
  },
  {
    rule: "A time does not get the day of an earlier time",
    file: "packages/core/src/internal/columns/cells.ts",
    from: "view.getInt32(at + 7, true) === view.getInt32(dayAt + 7, true)",
    to: "true",
    test: [
      "core/columns",
      "columns and rows of any response agree, value by value and error by error"
    ]
  },
  {
    rule: "A negative bigint carries from its lower half",
    file: "packages/core/src/internal/columns/numbers.ts",
    from: "-upper - (lower === 0 ? 0 : 1)",
    to: "-upper - 1",
    test: ["core/columns.long", "columns and rows agree on every odd cell in every column"]
  },
  {
    rule: "A page of columns with repeated or unordered keys is an error",
    file: "packages/core/src/internal/columns/reader.ts",
    from: "return mayBeWrong(rows, key, keys, request, tools)",
    to: "return false",
    test: [
      "core/columns",
      "columns and rows of any response agree, value by value and error by error"
    ]
  },
  ...signInRules
]
