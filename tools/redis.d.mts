/**
 * The path of a program that is a Redis server when it is started under the name `redis-server`, or
 * `undefined` if there is none. Installs one, and says so, if apt-get works.
 */
export declare const redisServer: () => string | undefined
