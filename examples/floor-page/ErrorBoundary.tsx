/** Shows the message of an error that a query threw, and lets the person try again. */
import { Component, type ReactNode } from "react"

interface Props {
  readonly children: ReactNode
  /** Runs before the children are rendered again. */
  readonly onReset: () => void
}

export class ErrorBoundary extends Component<Props, { readonly error: unknown }> {
  override state = { error: undefined }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override render() {
    const { error }: { readonly error: unknown } = this.state
    if (error === undefined) return this.props.children
    return (
      <>
        <p role="alert">{error instanceof Error ? error.message : String(error)}</p>
        <button
          type="button"
          onClick={() => {
            this.props.onReset()
            this.setState({ error: undefined })
          }}
        >
          Try again
        </button>
      </>
    )
  }
}
