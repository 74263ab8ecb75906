/**
 * Spans as an app records them: OpenTelemetry's SDK with its batch processor, and an exporter that
 * keeps them in memory.
 */
import * as NodeSdk from "@effect/opentelemetry/NodeSdk"
import { BatchSpanProcessor, InMemorySpanExporter } from "@opentelemetry/sdk-trace-base"

const exporter = new InMemorySpanExporter()

// Nothing may be dropped, or dropping would be measured. The queue holds all spans that arrive
// between two exports.
const processor = new BatchSpanProcessor(exporter, {
  maxQueueSize: 1_000_000,
  scheduledDelayMillis: 100
})

export const recordingLayer = NodeSdk.layer(() => ({
  resource: { serviceName: "measurement" },
  spanProcessor: processor
}))

/** Fails the measurement if spans are missing, and clears the recorded spans. */
export const expectSpans = async (requests: number): Promise<void> => {
  await processor.forceFlush()
  const { length } = exporter.getFinishedSpans()
  exporter.reset()
  if (length < requests) throw new Error(`${requests} requests left ${length} spans`)
}
