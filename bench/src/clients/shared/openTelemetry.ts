/**
 * Records spans as an app does, with OpenTelemetry's SDK and its batch processor. The exporter
 * keeps the spans in memory.
 */
import * as NodeSdk from "@effect/opentelemetry/NodeSdk"
import { BatchSpanProcessor, InMemorySpanExporter } from "@opentelemetry/sdk-trace-base"

const exporter = new InMemorySpanExporter()

// The queue is large enough for all spans that arrive between two exports. If spans were dropped,
// the measurement would not include their cost.
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
