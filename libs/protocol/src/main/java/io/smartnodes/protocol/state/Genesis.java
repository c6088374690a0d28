package io.smartnodes.protocol.state;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.chance.Picks;
import io.smartnodes.protocol.state.tree.StateTree;
import java.time.Instant;
import java.util.List;

/**
 * What the first state is made of. Its root is fixed at deployment, so that every validator starts
 * from the same state.
 *
 * @param time the chain's time of genesis
 * @param seed {@code seed_0} (2.2.1)
 * @param founders the first validators, in the order of the set
 * @param parameters values in the order of 2.9
 */
public record Genesis(Instant time, Bytes32 seed, List<Founder> founders, List<Amount> parameters) {
  /** The network that is built in: the hash of its name. */
  public static final Bytes32 WASM = Keccak.text("wasm");

  /**
   * A validator of the first set.
   *
   * @param operator its account
   * @param publicKey its node key
   * @param payout where its earnings go
   */
  public record Founder(Address operator, PublicKey publicKey, Address payout) {}

  /** Copies the lists. */
  public Genesis {
    founders = List.copyOf(founders);
    parameters = List.copyOf(parameters);
  }

  /** The state of epoch 0. */
  public State state() {
    StateTree tree =
        StateTree.EMPTY
            .put(new Head(0, time, 0, Bytes32.ZERO, 0))
            .put(new Parameters(1, parameters))
            .put(new Network(WASM, Bytes32.ZERO, Address.ZERO, State.ACTIVE));
    for (int ordinal = 0; ordinal < founders.size(); ordinal++) {
      Founder founder = founders.get(ordinal);
      tree =
          tree.put(
              new Validator(
                  founder.operator(),
                  founder.publicKey().bytes(),
                  Bytes.EMPTY,
                  founder.payout(),
                  Picks.seat(founder.operator(), seed),
                  ordinal,
                  Instant.EPOCH,
                  0,
                  0,
                  Bytes32.ZERO,
                  State.ACTIVE));
    }
    return new State(tree);
  }

  /** The root of the state of epoch 0. */
  public Bytes32 root() {
    return state().root();
  }
}
