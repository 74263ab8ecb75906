/**
 * The path of a program that works as a Redis server if it is started under the name
 * `redis-server`, or `undefined` if there is none. If apt-get works, installs the program and
 * prints a message.
 */
export declare const redisServer: () => string | undefined
