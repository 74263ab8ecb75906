/**
 * An AWS Lambda handler for an HTTP API. The client is created outside the handler, so it lives as
 * long as its execution environment. The token remains when the environment ends, because
 * INNERSPACE_TOKEN_STORE names a directory that all environments share, such as an EFS mount.
 */
import { MetricsError, Query } from "@innerspace-metrics/core"
import { building_metrics } from "@innerspace-metrics/core/v1"
import { createMetricsClient } from "@innerspace-metrics/node-adapter/promise"
import type { APIGatewayProxyHandlerV2 } from "aws-lambda"

const metrics = createMetricsClient()

export const handler: APIGatewayProxyHandlerV2 = async (event) => {
  try {
    const rows = await metrics.query(
      Query.from(building_metrics, {
        select: ["date_time_start", "metric_value"],
        where: {
          building_id: Number(event.pathParameters?.["building"]),
          metric_name: "occupancy_mean",
          granularity: "P1D",
          group_id: "all-e707b3a8-0732-49ae-9156-13ff1138540e"
        },
        orderBy: { date_time_start: "desc" },
        limit: 7
      })
    )
    return { statusCode: 200, body: JSON.stringify(rows) }
  } catch (error) {
    if (!MetricsError.isMetricsError(error)) throw error
    console.error(error.message)
    return { statusCode: error.isRetryable ? 503 : 502, body: error.reason }
  }
}
