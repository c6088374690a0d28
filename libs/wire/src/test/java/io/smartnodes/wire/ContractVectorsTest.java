package io.smartnodes.wire;

import static io.smartnodes.wire.Vectors.address;
import static io.smartnodes.wire.Vectors.amount;
import static io.smartnodes.wire.Vectors.bytes;
import static io.smartnodes.wire.Vectors.bytes32;
import static io.smartnodes.wire.Vectors.list;
import static io.smartnodes.wire.Vectors.number;
import static io.smartnodes.wire.Vectors.time;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.crypto.Signature;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.body.Body;
import io.smartnodes.protocol.epoch.InboxItem;
import io.smartnodes.protocol.epoch.Vote;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.job.Ack;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.peer.NodeKeyProof;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.Genesis;
import io.smartnodes.protocol.state.Head;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.Parameters;
import io.smartnodes.protocol.state.ProtocolParameters;
import io.smartnodes.protocol.state.State;
import io.smartnodes.protocol.state.Validator;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.protocol.state.tree.StateProof;
import io.smartnodes.protocol.transition.EpochInput;
import io.smartnodes.protocol.transition.Transition;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the contracts check of signatures, leaves and sets, as another program computed it. */
class ContractVectorsTest {
  private final JsonNode vectors = Vectors.read();

  @Test
  void keysProveThatTheyServeAnOperator() {
    JsonNode p = vectors.get("nodeKeyProof");
    signedAlike(
        new NodeKeyProof(address(p, "operator"), bytes32(p, "nodeKeyX"), bytes32(p, "nodeKeyY")),
        p);
  }

  @Test
  void doubleVotesAndDoubleAcksAreSignedAlike() {
    for (String name : List.of("vote", "otherVote")) {
      JsonNode v = vectors.get(name);
      signedAlike(new Vote(number(v, "epoch"), (int) number(v, "round"), bytes32(v, "digest")), v);
    }
    for (String name : List.of("ack", "otherAck")) {
      JsonNode a = vectors.get(name);
      signedAlike(new Ack(bytes32(a, "jobId"), number(a, "lease"), bytes32(a, "receiptHash")), a);
    }
    for (String name : List.of("jobReceipt", "otherReceipt")) {
      JsonNode r = vectors.get(name);
      assertThat(
              new JobReceipt(
                      bytes32(r, "jobId"),
                      number(r, "lease"),
                      number(r, "first"),
                      number(r, "count"),
                      new Fuel(number(r, "fuel")),
                      bytes32(r, "resultsRoot"),
                      number(r, "drawHeight"))
                  .hashStruct())
          .isEqualTo(bytes32(r, "hash"));
    }
  }

  @Test
  void theLeavesThatCorePaysFromAreProvenAlike() {
    JsonNode proofs = vectors.get("escapeProofs");
    Bytes32 root = bytes32(proofs, "root");
    for (String name : List.of("allotment", "free")) {
      JsonNode a = proofs.get(name);
      proven(
          new Allotment(
              address(a, "account"),
              address(a, "asset"),
              address(a, "home"),
              amount(a, "amount"),
              amount(a, "releasing"),
              number(a, "releaseAt")),
          a,
          root);
    }
    JsonNode j = proofs.get("job");
    proven(
        new Job(
            bytes32(j, "jobId"),
            address(j, "user"),
            address(j, "home"),
            address(j, "asset"),
            amount(j, "held"),
            number(j, "unitCount"),
            time(j, "deadline"),
            number(j, "anchoredAt"),
            number(j, "closingAt"),
            number(j, "settledCount"),
            bytes(j, "settled")),
        j,
        root);
  }

  @Test
  void validatorHeadAndParametersHashAlike() {
    JsonNode v = vectors.get("validator");
    assertThat(
            new Validator(
                    address(v, "operator"),
                    bytes(v, "publicKey"),
                    bytes(v, "formerKey"),
                    address(v, "payout"),
                    bytes32(v, "seat"),
                    number(v, "ordinal"),
                    time(v, "eligibleAt"),
                    number(v, "since"),
                    number(v, "until"),
                    bytes32(v, "sampleCommitment"),
                    (int) number(v, "status"))
                .hashStruct())
        .isEqualTo(bytes32(v, "hash"));
    JsonNode h = vectors.get("head");
    assertThat(
            new Head(
                    number(h, "epoch"),
                    time(h, "asOf"),
                    number(h, "inboxCount"),
                    bytes32(h, "inboxHash"),
                    number(h, "drainedAt"))
                .hashStruct())
        .isEqualTo(bytes32(h, "hash"));
    JsonNode p = vectors.get("parameters");
    Parameters leaf =
        new Parameters(
            number(p, "version"),
            list(p.get("values"), value -> new Amount(new BigInteger(value.textValue()))));
    assertThat(leaf.hashStruct()).isEqualTo(bytes32(p, "hash"));
    ProtocolParameters named = ProtocolParameters.of(leaf);
    assertThat(ProtocolParameters.defaults(named.treasury(), named.genesis())).isEqualTo(named);
  }

  @Test
  void theSetFollowsJoinsAndExitsAlike() {
    JsonNode change = vectors.get("setChange");
    JsonNode joiner = change.get("joiner");
    State state = genesis().state();
    assertThat(state.validatorSet()).isEqualTo(bytes(change, "before"));
    PublicKey key = NodeKey.of(bytes32(joiner, "privateKey")).publicKey();
    assertThat(key.bytes()).isEqualTo(bytes(joiner, "publicKey"));
    assertThat(key.address()).isEqualTo(address(joiner, "nodeAddress"));
    InboxItem join = Vectors.item(vectors.get("inboxKinds").get(0));
    state =
        next(
            state,
            new InboxItem(
                0,
                join.kind(),
                address(joiner, "operator"),
                join.asset(),
                join.amount(),
                join.target(),
                join.data()));
    assertThat(state.validatorSet()).isEqualTo(bytes(change, "joined"));
    assertThat(state.validatorSetHash()).isEqualTo(bytes32(change, "joinedHash"));
    InboxItem exit = Vectors.item(vectors.get("inboxKinds").get(1));
    state =
        next(
            state,
            new InboxItem(
                1,
                exit.kind(),
                address(change, "leaver"),
                exit.asset(),
                exit.amount(),
                exit.target(),
                exit.data()));
    assertThat(state.validatorSet()).isEqualTo(bytes(change, "left"));
    assertThat(state.validatorSetHash()).isEqualTo(bytes32(change, "leftHash"));
  }

  private static State next(State state, InboxItem item) {
    long epoch = state.epoch() + 1;
    return Transition.apply(
            state,
            new EpochInput(
                Body.empty(epoch),
                List.of(item),
                Instant.ofEpochSecond(1_790_000_000),
                Address.ZERO,
                Bytes32.ZERO,
                false))
        .next();
  }

  private Genesis genesis() {
    JsonNode set = vectors.get("validatorSet");
    List<Address> operators = list(set.get("operators"), o -> Address.fromHex(o.textValue()));
    List<NodeKey> keys = list(set.get("nodeKeys"), k -> NodeKey.of(Bytes32.fromHex(k.textValue())));
    Instant time = Instant.ofEpochSecond(1_700_000_000);
    return new Genesis(
        time,
        Bytes32.ZERO,
        IntStream.range(0, keys.size())
            .mapToObj(i ->
                new Genesis.Founder(operators.get(i), keys.get(i).publicKey(), operators.get(i)))
            .toList(),
        ProtocolParameters.devnet(Address.ZERO, time).values());
  }

  private void signedAlike(Struct struct, JsonNode expected) {
    JsonNode core = vectors.get("domain");
    Domain domain = new Domain(number(core, "chainId"), address(core, "core"));
    NodeKey key = NodeKey.of(bytes32(expected, "privateKey"));
    assertThat(struct.hashStruct()).isEqualTo(bytes32(expected, "structHash"));
    assertThat(domain.digest(struct)).isEqualTo(bytes32(expected, "typedDataHash"));
    assertThat(domain.sign(struct, key)).isEqualTo(bytes(expected, "signature"));
    assertThat(new Signature(bytes(expected, "signature")).compact())
        .isEqualTo(bytes(expected, "compact").toArray());
    assertThat(key.publicKey().address()).isEqualTo(address(expected, "signer"));
  }

  private static void proven(Struct leaf, JsonNode expected, Bytes32 root) {
    LeafKey key = LeafKey.of(leaf);
    assertThat(key.key()).isEqualTo(bytes32(expected, "key"));
    assertThat(leaf.hashStruct()).isEqualTo(bytes32(expected, "structHash"));
    List<Bytes32> siblings =
        list(expected.get("siblings"), sibling -> Bytes32.fromHex(sibling.textValue()));
    assertThat(new StateProof(key, leaf, siblings).verify(root)).isTrue();
  }
}
