/**
 * Spans as an app records them: OpenTelemetry's SDK with its batch processor, and an exporter that
 * keeps them in memory.
 */
import * as NodeSdk from "@effect/opentelemetry/NodeSdk"
import { BatchSpanProcessor, InMemorySpanExporter } from "@opentelemetry/sdk-trace-base"

const exporter = new InMemorySpanExporter()

// Nothing may be dropped, or the measurement would be of dropping: the queue holds all that comes
// between two exports.
const processor = new BatchSpanProcessor(exporter, {
  maxQueueSize: 1_000_000,
  scheduledDelayMillis: 100
})

export const recordingLayer = NodeSdk.layer(() => ({
  resource: { serviceName: "measurement" },
  spanProcessor: processor
}))

/** Ends the measurement if spans went missing, and forgets those that came. */
export const expectSpans = async (requests: number): Promise<void> => {
  await processor.forceFlush()
  const { length } = exporter.getFinishedSpans()
  exporter.reset()
  if (length < requests) throw new Error(`${requests} requests left ${length} spans`)
}
