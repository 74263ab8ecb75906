/** Generates the types of one project, in its own process. */
import { answer, task } from "../measurement/answer.js"
import { projects, writeProject } from "./projects.js"

const run = async () => {
  const name = task<string>()
  const project = projects.find((project) => project.name === name)
  if (project === undefined) throw new Error(`There is no project "${name}"`)
  const begun = performance.now()
  writeProject(project)
  return { seconds: (performance.now() - begun) / 1000 }
}

answer(run())
