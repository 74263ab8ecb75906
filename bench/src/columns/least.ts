/**
 * The least work with which a program can fill arrays from the bytes of this measurement's
 * responses. The program knows the length of each name, so it does not read the names. It checks no
 * byte, and it parses a time only if its minutes differ from the minutes of the time before. The
 * last digit of a number may be rounded wrongly. The program does not copy texts and JSON, and
 * keeps only their positions in the response. It parses an odd row of four columns as JSON.
 */

const point = 0x2e
const quote = 0x22
const end = 0x7d
const n = 0x6e
/** The first letter of the name `ZONE_ID`, with which each row begins that is not odd. */
const firstLetter = 0x5a

const decoder = new TextDecoder()

/**
 * The lengths of the text around the values: the beginning of the body, and each name with its
 * quotes, its colon and the characters between the name and the value before it.
 */
const frame = '{"data":{"readings":['.length
const names = {
  id: '{"ZONE_ID":'.length,
  time: ',"DATE_TIME_START":"'.length,
  mean: '","OCCUPANCY_MEAN":'.length,
  count: ',"PEOPLE_COUNT":'.length,
  devices: ',"DEVICE_COUNT":"'.length,
  name: '","ZONE_NAME":'.length,
  type: ',"ZONE_TYPE":"'.length,
  distribution: '","DISTRIBUTION":'.length
}
const timeLength = "2025-01-01T00:00:00+00:00".length

// The loop over digits is written again for each number, because a call of a function would take as
// long as the loop.

const four = (bytes: Uint8Array, length: number): number => {
  const ids = new Int32Array(length)
  const times = new Float64Array(length)
  const means = new Float64Array(length)
  const counts = new Float64Array(length)
  let at = frame
  let known = -1
  let time = 0
  for (let row = 0; row < length; row++) {
    if (bytes[at + 2] !== firstLetter) {
      const after = bytes.indexOf(end, at) + 1
      const odd = JSON.parse(decoder.decode(bytes.subarray(at, after)))
      ids[row] = odd.ZONE_ID
      times[row] = Date.parse(odd.DATE_TIME_START)
      means[row] = odd.OCCUPANCY_MEAN
      counts[row] = odd.PEOPLE_COUNT
      at = after + 1
      continue
    }
    at += names.id
    let id = 0
    for (let digit = (bytes[at] ?? 0) - 48; digit >= 0 && digit < 10; ) {
      id = id * 10 + digit
      digit = (bytes[++at] ?? 0) - 48
    }
    ids[row] = id
    at += names.time
    const clock = (bytes[at + 15] ?? 0) | ((bytes[at + 14] ?? 0) << 8)
    if (clock !== known) {
      known = clock
      time = Date.parse(String.fromCharCode(...bytes.subarray(at, at + timeLength)))
    }
    times[row] = time
    at += timeLength + names.mean
    let mean = 0
    for (let digit = (bytes[at] ?? 0) - 48; digit >= 0 && digit < 10; ) {
      mean = mean * 10 + digit
      digit = (bytes[++at] ?? 0) - 48
    }
    if (bytes[at] === point) {
      const first = ++at
      let fraction = 0
      for (let digit = (bytes[at] ?? 0) - 48; digit >= 0 && digit < 10; ) {
        fraction = fraction * 10 + digit
        digit = (bytes[++at] ?? 0) - 48
      }
      mean += fraction / 10 ** (at - first)
    }
    means[row] = mean
    at += names.count
    let count = 0
    for (let digit = (bytes[at] ?? 0) - 48; digit >= 0 && digit < 10; ) {
      count = count * 10 + digit
      digit = (bytes[++at] ?? 0) - 48
    }
    counts[row] = count
    at += 2
  }
  return ids.length
}

const eight = (bytes: Uint8Array, length: number): number => {
  const ids = new Int32Array(length)
  const times = new Float64Array(length)
  const means = new Float64Array(length)
  const counts = new Float64Array(length)
  /** Two elements for each row: the lower nine digits and the upper nine digits. */
  const devices = new Int32Array(2 * length)
  /** Where each text begins and ends. */
  const texts = new Int32Array(6 * length)
  let at = frame
  let known = -1
  let time = 0
  for (let row = 0; row < length; row++) {
    at += names.id
    let id = 0
    for (let digit = (bytes[at] ?? 0) - 48; digit >= 0 && digit < 10; ) {
      id = id * 10 + digit
      digit = (bytes[++at] ?? 0) - 48
    }
    ids[row] = id
    at += names.time
    const clock = (bytes[at + 15] ?? 0) | ((bytes[at + 14] ?? 0) << 8)
    if (clock !== known) {
      known = clock
      time = Date.parse(String.fromCharCode(...bytes.subarray(at, at + timeLength)))
    }
    times[row] = time
    at += timeLength + names.mean
    if (bytes[at] === n) {
      means[row] = Number.NaN
      at += 4
    } else {
      let mean = 0
      for (let digit = (bytes[at] ?? 0) - 48; digit >= 0 && digit < 10; ) {
        mean = mean * 10 + digit
        digit = (bytes[++at] ?? 0) - 48
      }
      if (bytes[at] === point) {
        const first = ++at
        let fraction = 0
        for (let digit = (bytes[at] ?? 0) - 48; digit >= 0 && digit < 10; ) {
          fraction = fraction * 10 + digit
          digit = (bytes[++at] ?? 0) - 48
        }
        mean += fraction / 10 ** (at - first)
      }
      means[row] = mean
    }
    at += names.count
    let count = 0
    for (let digit = (bytes[at] ?? 0) - 48; digit >= 0 && digit < 10; ) {
      count = count * 10 + digit
      digit = (bytes[++at] ?? 0) - 48
    }
    counts[row] = count
    at += names.devices
    let upper = 0
    let lower = 0
    let digits = 0
    for (let digit = (bytes[at] ?? 0) - 48; digit >= 0 && digit < 10; digits++) {
      if (digits < 9) upper = upper * 10 + digit
      else lower = lower * 10 + digit
      digit = (bytes[++at] ?? 0) - 48
    }
    devices[2 * row] = lower
    devices[2 * row + 1] = upper
    at += names.name
    texts[6 * row] = at
    if (bytes[at] === n) {
      at += 4
    } else {
      at++
      while (bytes[at] !== quote) at++
      at++
    }
    texts[6 * row + 1] = at
    at += names.type
    texts[6 * row + 2] = at
    while (bytes[at] !== quote) at++
    texts[6 * row + 3] = at
    at += names.distribution
    texts[6 * row + 4] = at
    while (bytes[at] !== end) at++
    texts[6 * row + 5] = ++at
    at += 2
  }
  return ids.length
}

export const leastOf = { four, eight }
