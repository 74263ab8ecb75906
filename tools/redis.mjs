// Finds a Redis server for tests. If there is none, it installs one as root on a machine with
// apt-get, and says so first.

import { installWithApt, isExecutable, onPath } from "./apt.mjs"

/**
 * The path of a program that is a Redis server when it is started under the name `redis-server`, or
 * `undefined`. All parts of Redis are one program, and the name tells it which part it is. Debian's
 * `redis-tools` has that program without a service that would start by itself.
 */
export function redisServer() {
  return find() ?? (installWithApt("redis-tools", instead) ? find() : undefined)
}

const instead = "To avoid this, install Redis yourself."

function find() {
  return onPath(["redis-server", "redis-check-rdb"]).find(isExecutable)
}
