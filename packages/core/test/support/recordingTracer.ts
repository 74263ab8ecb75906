/** A tracer that keeps the spans that have ended. All spans have the same ids. */
import * as Tracer from "effect/Tracer"

export const recordingTracer = () => {
  const spans: Array<Tracer.Span> = []
  const tracer = Tracer.make({
    span: (name, parent, context, links, startTime, kind) => {
      const attributes = new Map<string, unknown>()
      const span: Tracer.Span = {
        _tag: "Span",
        name,
        spanId: "00f067aa0ba902b7",
        traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
        parent,
        context,
        links,
        kind,
        sampled: true,
        status: { _tag: "Started", startTime },
        attributes,
        attribute: (key, value) => attributes.set(key, value),
        event: () => undefined,
        addLinks: () => undefined,
        end: () => spans.push(span)
      }
      return span
    },
    context: (run) => run()
  })
  return { spans, tracer }
}
