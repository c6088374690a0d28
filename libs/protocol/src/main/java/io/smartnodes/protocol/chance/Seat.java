package io.smartnodes.protocol.chance;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;

/**
 * The place of a validator in draws (2.2.2): fixed by a seed from after its activation, so that no
 * key can be ground towards it.
 */
public record Seat(Address operator, Bytes32 seat) {}
