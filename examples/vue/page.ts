/** A Vue page with a composable. It has no templates, so it needs no plugin of the bundler. */
import { createApp, defineComponent, h, ref } from "vue"
import {
  dateOf,
  finishSignIn,
  isSignInRequired,
  metrics,
  peopleOf,
  signIn,
  weekOf2024
} from "../page/metrics.js"
import { useQuery } from "./useQuery.js"

const Week = defineComponent({
  props: { week: { type: Number, required: true } },
  setup(props) {
    const { data, error, isLoading, refresh } = useQuery(metrics, () => weekOf2024(props.week))
    return () => {
      if (data.value === undefined) {
        if (error.value === undefined) return h("p", "Loading")
        return isSignInRequired(error.value)
          ? h("button", { onClick: signIn }, "Sign in")
          : h("p", { role: "alert" }, error.value.message)
      }
      const rows = data.value.map((day) =>
        h("tr", { key: day.date_time_start.getTime() }, [
          h("th", dateOf(day)),
          h("td", peopleOf(day))
        ])
      )
      return [
        h("table", { "aria-busy": isLoading.value }, [
          h("caption", "Most people at once"),
          h("tbody", rows)
        ]),
        h("button", { onClick: refresh }, "Refresh")
      ]
    }
  }
})

const Page = defineComponent(() => {
  const week = ref(10)
  const isShown = ref(true)
  return () => [
    h("button", { onClick: () => week.value++ }, "Next week"),
    h(
      "button",
      { onClick: () => (isShown.value = !isShown.value) },
      isShown.value ? "Hide" : "Show"
    ),
    isShown.value ? h(Week, { week: week.value }) : undefined
  ]
})

await finishSignIn()
createApp(Page).mount("#root")
