import { testShard } from "./shard.js"

testShard(1)
