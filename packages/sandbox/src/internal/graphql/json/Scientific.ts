/**
 * The exact value of a number's text, as `coefficient * 10 ** exponent`. The coefficient has no
 * trailing zeros.
 */
export interface Scientific {
  readonly coefficient: bigint
  readonly exponent: number
}

const shape = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i

/** Reads the text of a number in JSON or in a GraphQL document. */
export const parse = (text: string): Scientific => {
  const [, sign = "", whole = "0", fraction = "", power = "0"] = shape.exec(text) ?? []
  const digits = whole + fraction
  let end = digits.length
  while (digits[end - 1] === "0") end--
  return end === 0
    ? { coefficient: 0n, exponent: 0 }
    : {
        coefficient: BigInt(sign + digits.slice(0, end)),
        exponent: Number(power) - fraction.length + digits.length - end
      }
}

/** The number as an integer of `bits` bits, or `undefined` if it is a fraction or too large. */
export const toInteger = (
  { coefficient, exponent }: Scientific,
  bits: number
): bigint | undefined => {
  if (exponent < 0 || exponent > bits) return coefficient === 0n ? 0n : undefined
  const whole = coefficient * 10n ** BigInt(exponent)
  return BigInt.asIntN(bits, whole) === whole ? whole : undefined
}

/** The number as Hasura writes it in messages. */
export const show = ({ coefficient, exponent }: Scientific): string => {
  if (coefficient === 0n) return "0.0"
  const sign = coefficient < 0n ? "-" : ""
  const digits = String(coefficient).replace("-", "")
  const point = digits.length + exponent
  if (point < 0 || point > 7) {
    return `${sign}${digits.slice(0, 1)}.${digits.slice(1) || "0"}e${point - 1}`
  }
  return `${sign}${digits.slice(0, point).padEnd(point, "0") || "0"}.${digits.slice(point) || "0"}`
}
