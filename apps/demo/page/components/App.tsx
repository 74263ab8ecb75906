/** The whole page. Its contents depend on whether a person is signed in. */
import type { Session } from "../Session.js"
import type { Settings } from "../Settings.js"
import type { View } from "../View.js"
import { OfflineBanner, SignedOutBanner } from "./Banners.js"
import { FailureNotice } from "./FailureNotice.js"
import { Filters } from "./Filters.js"
import { LoadingNotice } from "./LoadingNotice.js"
import { FloorsPanel } from "./panels/FloorsPanel.js"
import { HoursPanel } from "./panels/HoursPanel.js"
import { SpacesPanel } from "./panels/SpacesPanel.js"
import { WeeksPanel } from "./panels/WeeksPanel.js"
import { WirePanel } from "./panels/WirePanel.js"
import { SignIn } from "./SignIn.js"
import { WhatIf } from "./WhatIf.js"

interface Properties {
  readonly session: Session
  readonly settings: Settings
  readonly view: View
}

export const App = ({ session, settings, view }: Properties) => {
  const state = session.state.value
  if (state._tag === "SignedOut") {
    return <SignIn session={session} settings={settings} problem={state.problem} />
  }
  return (
    <>
      <a class="skip" href="#main">
        Skip to the figures
      </a>
      <header class="top">
        <h1>
          <Logo />
          InnerSpace metrics
        </h1>
        <div class="top-actions">
          {settings.sandbox !== undefined && (
            <WhatIf view={view} controlUrl={settings.sandbox.controlUrl} />
          )}
          <span class="who">{state.name}</span>
          <button type="button" class="button" onClick={session.signOut}>
            Sign out
          </button>
        </div>
      </header>
      <OfflineBanner />
      <SignedOutBanner session={session} />
      <Body view={view} />
      <footer class="bottom">
        <a href="promise.html">The promise client: a small page without Effect</a>
      </footer>
    </>
  )
}

const Body = ({ view }: { readonly view: View }) => {
  const frame = view.frame.state.value
  const { value } = frame
  return (
    <main id="main" tabIndex={-1}>
      {frame._tag === "Failed" && !frame.failure.needsSignIn && (
        <FailureNotice failure={frame.failure} onRetry={() => view.reload("all")} />
      )}
      {frame._tag === "Loading" && value === undefined && (
        <LoadingNotice title="Buildings" progress={undefined} isQuiet={false} />
      )}
      {value?._tag === "NoBuildings" && (
        <div class="notice notice-page">
          <p class="notice-title">Your account does not have access to a building.</p>
          <p>Ask the administrator of your InnerSpace account for access.</p>
        </div>
      )}
      {value?._tag === "NotPermitted" && <NotPermitted view={view} building={value.building} />}
      {value?._tag === "NoValues" && (
        <div class="notice notice-page">
          <p class="notice-title">{value.building.name} has no values yet.</p>
          <p>The first values appear in the night after its sensors are started.</p>
        </div>
      )}
      {value?._tag === "Place" && (
        <>
          <Filters view={view} place={value.place} />
          <div class="panels">
            <HoursPanel view={view} />
            <WeeksPanel view={view} />
            <FloorsPanel view={view} />
            <SpacesPanel view={view} />
          </div>
        </>
      )}
      <WirePanel />
    </main>
  )
}

const NotPermitted = ({ view, building }: { readonly view: View; readonly building: string }) => (
  <div class="notice notice-page" role="alert">
    <p class="notice-title">You do not have access to building {building}.</p>
    <p>
      Choose one of your buildings, sign in as another person, or ask the administrator of your
      InnerSpace account for access.
    </p>
    <div class="notice-actions">
      {view.directory.value?.buildings.map(({ id, name }) => (
        <button
          type="button"
          class="button"
          key={id}
          onClick={() => view.choose({ building: String(id), floor: undefined })}
        >
          {name}
        </button>
      ))}
    </div>
  </div>
)

/** The seats of a floor, some of them occupied. */
const Logo = () => (
  <svg class="logo" viewBox="0 0 24 24" aria-hidden="true">
    {[0, 1, 2].flatMap((row) =>
      [0, 1, 2].map((column) => (
        <rect
          key={`${row} ${column}`}
          x={2 + column * 7}
          y={2 + row * 7}
          width="5.5"
          height="5.5"
          rx="1.5"
          opacity={[1, 0.35, 1, 0.35, 1, 1, 1, 1, 0.35][row * 3 + column]}
        />
      ))
    )}
  </svg>
)
