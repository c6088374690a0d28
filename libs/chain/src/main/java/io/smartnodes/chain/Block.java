package io.smartnodes.chain;

import io.smartnodes.crypto.Bytes32;
import java.time.Instant;

/** Header of a block: its place, and the time that it states. */
public record Block(long number, Bytes32 hash, Bytes32 parentHash, Instant time) {}
