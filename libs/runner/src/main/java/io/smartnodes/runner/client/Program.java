package io.smartnodes.runner.client;

import io.smartnodes.crypto.Bytes32;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A module by its hash, and how to get its binary if the runner does not have it.
 *
 * @param hash Keccak-256 of the binary
 * @param binary called on the calling thread when it is wanted; empty if it cannot be had
 */
public record Program(Bytes32 hash, Supplier<Optional<byte[]>> binary) {}
