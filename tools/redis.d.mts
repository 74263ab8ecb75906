/**
 * The path of a program that is a Redis server when it is started under the name `redis-server`, or
 * `undefined` if there is none. If apt-get works, installs one and says so.
 */
export declare const redisServer: () => string | undefined
