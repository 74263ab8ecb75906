// Finds a Redis server for tests. If there is none, it prints a message and installs Redis, but
// only as root on a machine with apt-get.

import { installWithApt, isExecutable, onPath } from "./apt.mjs"

/**
 * The path of a program that works as a Redis server if it is started under the name
 * `redis-server`, or `undefined`. Redis has one program for the server and the tools. The name with
 * which the program is started decides whether it acts as the server or as a tool. Debian's package
 * `redis-tools` contains this program, without a service that would start by itself.
 */
export function redisServer() {
  return find() ?? (installWithApt("redis-tools", instead) ? find() : undefined)
}

const instead = "To avoid this, install Redis yourself."

function find() {
  return onPath(["redis-server", "redis-check-rdb"]).find(isExecutable)
}
