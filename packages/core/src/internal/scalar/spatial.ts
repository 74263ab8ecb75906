/** The operators of Hasura v2 on PostGIS. */
import * as Either from "effect/Either"
import type { GeoJson } from "../../Filter.js"
import { isPlainObject } from "../isPlainObject.js"
import type { Operators } from "./argument.js"
import { type Decode, decoder } from "./decode.js"
import * as encode from "./encode.js"
import { isJsonValue } from "./isJsonValue.js"
import { one, order } from "./operators.js"

/** The values of the field `type` of a GeoJSON geometry (RFC 7946, section 1.4). */
const geoJsonTypes: ReadonlySet<unknown> = /* @__PURE__ */ new Set([
  "Point",
  "MultiPoint",
  "LineString",
  "MultiLineString",
  "Polygon",
  "MultiPolygon",
  "GeometryCollection"
])

const isGeoJson = (value: unknown): value is GeoJson =>
  isPlainObject(value) && geoJsonTypes.has(value["type"]) && isJsonValue(value)

const expectedGeoJson =
  'a geometry as GeoJSON, such as { type: "Point", coordinates: [9.19, 45.46] }'

const encodeGeoJson: encode.Encode = (value) =>
  isGeoJson(value) ? Either.right(value) : Either.left(expectedGeoJson)

export const decodeGeoJson: Decode<GeoJson> = /* @__PURE__ */ decoder(expectedGeoJson, (cell) =>
  isGeoJson(cell) ? cell : undefined
)

const within =
  (flags: ReadonlyArray<string>): encode.Encode =>
  (value) => {
    const expected = `an object with distance (a non-negative number) and from (a geometry as GeoJSON)${flags.map((flag) => `, optionally ${flag}`).join("")}`
    if (!isPlainObject(value)) return Either.left(expected)
    const { distance, from, ...others } = value
    const isComplete =
      Either.isRight(encode.finite(distance)) && Number(distance) >= 0 && isGeoJson(from)
    const areKnown = Object.entries(others).every(
      ([name, flag]) => flags.includes(name) && typeof flag === "boolean"
    )
    return isComplete && areKnown && isJsonValue(value)
      ? Either.right(value)
      : Either.left(expected)
  }

const withinGeometry = () => one("st_d_within_input", within([]))

const other = () => one("geometry", encodeGeoJson)

const geometryOperators = (): Operators => ({
  ...order("geometry", encodeGeoJson),
  _st_contains: other(),
  _st_crosses: other(),
  _st_equals: other(),
  _st_intersects: other(),
  _st_overlaps: other(),
  _st_touches: other(),
  _st_within: other(),
  _st_d_within: withinGeometry(),
  _st_3d_intersects: other(),
  _st_3d_d_within: withinGeometry()
})

const geographyOperators = (): Operators => ({
  ...order("geography", encodeGeoJson),
  _st_intersects: one("geography", encodeGeoJson),
  _st_d_within: one("st_d_within_geography_input", within(["use_spheroid"]))
})

export const geometry = (): Operators => ({
  ...geometryOperators(),
  _cast: { casts: { geography: geographyOperators() } }
})

export const geography = (): Operators => ({
  ...geographyOperators(),
  _cast: { casts: { geometry: geometryOperators() } }
})
