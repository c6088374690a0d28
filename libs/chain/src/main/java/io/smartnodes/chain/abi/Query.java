package io.smartnodes.chain.abi;

import io.smartnodes.crypto.Bytes;
import java.util.function.Function;

/**
 * A question to a contract.
 *
 * @param data selector and arguments
 * @param result how the answer is read
 */
public record Query<R>(Bytes data, Function<AbiReader, R> result) {}
