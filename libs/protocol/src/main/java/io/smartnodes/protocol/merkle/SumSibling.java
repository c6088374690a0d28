package io.smartnodes.protocol.merkle;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Fuel;

/** One sibling of a proof in the results tree: its hash and the fuel below it. */
public record SumSibling(Bytes32 hash, Fuel sum) {}
