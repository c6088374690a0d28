package io.smartnodes.protocol.body.check;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.hash.Domain;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * What the chain says, as far as a body depends on it. The functions are called from several
 * threads and must answer from memory.
 *
 * @param domain what signatures are bound to
 * @param token the address of SNO
 * @param confirmedBlock the hash of the block at a height, if it is at confirmation depth
 * @param seed the seed of an executed epoch
 * @param previousDigest the digest that was executed in the epoch before, zero in epoch 1
 */
public record ChainView(
    Domain domain,
    Address token,
    LongFunction<Optional<Bytes32>> confirmedBlock,
    LongFunction<Optional<Bytes32>> seed,
    Bytes32 previousDigest) {}
