package io.smartnodes.wire;

import static io.smartnodes.wire.Vectors.address;
import static io.smartnodes.wire.Vectors.amount;
import static io.smartnodes.wire.Vectors.bytes32;
import static io.smartnodes.wire.Vectors.list;
import static io.smartnodes.wire.Vectors.number;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.crypto.Signature;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.chance.Picks;
import io.smartnodes.protocol.chance.Seat;
import io.smartnodes.protocol.emission.Emission;
import io.smartnodes.protocol.epoch.AssetTotals;
import io.smartnodes.protocol.epoch.InboxItem;
import io.smartnodes.protocol.epoch.Slash;
import io.smartnodes.protocol.epoch.Update;
import io.smartnodes.protocol.epoch.Vote;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.hash.StructHasher;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.state.Payout;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.protocol.state.tree.StateProof;
import io.smartnodes.protocol.transition.InboxRules;
import java.lang.reflect.Field;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Agreement with values that another program computed from the same rules. */
class VectorsTest {
  private static final List<String> PACKAGES =
      List.of("peer", "job", "attestation", "epoch", "body", "state");

  private final JsonNode vectors = Vectors.read();

  @Test
  void everyStructHasTheSameType() {
    JsonNode hashes = vectors.get("typeHashes");
    assertThat(hashes).hasSizeGreaterThan(40);
    hashes
        .properties()
        .forEach(entry ->
            assertThat(typeOf(entry.getKey()).typeHash().toString())
                .as(entry.getKey())
                .isEqualTo(entry.getValue().textValue()));
  }

  @Test
  void domainAndVoteAreSignedAlike() {
    JsonNode vote = vectors.get("vote");
    Vote struct =
        new Vote(number(vote, "epoch"), (int) number(vote, "round"), bytes32(vote, "digest"));
    NodeKey key = NodeKey.of(bytes32(vote, "privateKey"));
    assertThat(domain().separator()).isEqualTo(bytes32(vectors.get("domain"), "separator"));
    assertThat(struct.hashStruct()).isEqualTo(bytes32(vote, "structHash"));
    assertThat(domain().digest(struct)).isEqualTo(bytes32(vote, "typedDataHash"));
    Bytes signature = Bytes.fromHex(vote.get("signature").textValue());
    assertThat(domain().sign(struct, key)).isEqualTo(signature);
    assertThat(domain().isSignedBy(struct, signature, address(vote, "signer"))).isTrue();
    assertThat(Bytes.of(new Signature(signature).compact()))
        .isEqualTo(Bytes.fromHex(vote.get("compact").textValue()));
  }

  @Test
  void updatesHaveTheSameDigest() {
    for (String name : List.of("update", "emptyUpdate")) {
      JsonNode u = vectors.get(name);
      Update update =
          new Update(
              number(u, "epoch"),
              bytes32(u, "previousStateRoot"),
              bytes32(u, "stateRoot"),
              bytes32(u, "bodyHash"),
              number(u, "inboxCount"),
              bytes32(u, "inboxHash"),
              Instant.ofEpochSecond(number(u, "asOf")),
              list(
                  u.get("totals"),
                  t ->
                      new AssetTotals(
                          address(t, "asset"),
                          amount(t, "balances"),
                          amount(t, "payouts"),
                          amount(t, "heldBack"),
                          amount(t, "burnt"),
                          amount(t, "minted"))),
              list(u.get("ejections"), e -> Address.fromHex(e.textValue())),
              list(
                  u.get("slashes"),
                  s ->
                      new Slash(
                          address(s, "operator"), amount(s, "amount"), bytes32(s, "evidenceId"))),
              bytes32(u, "nextSetHash"));
      assertThat(update.hashStruct()).as(name).isEqualTo(bytes32(u, "digest"));
    }
  }

  @Test
  void aJobHasTheSameId() {
    JsonNode j = vectors.get("jobSpec");
    BigInteger nonce = new BigInteger(j.get("nonce").textValue());
    // Records hold 63 bits; the vector's nonce may need 64, so it is hashed field by field.
    Bytes32 hash = jobId(j, Bytes32.ofNumber(nonce));
    assertThat(hash).isEqualTo(bytes32(j, "hash"));
    JobSpec spec =
        new JobSpec(
            address(j, "user"),
            address(j, "home"),
            bytes32(j, "network"),
            bytes32(j, "moduleHash"),
            number(j, "unitCount"),
            bytes32(j, "inputsRoot"),
            new Fuel(number(j, "fuelLimitPerUnit")),
            amount(j, "maxPrice"),
            address(j, "asset"),
            Instant.ofEpochSecond(number(j, "deadline")),
            42);
    assertThat(spec.hashStruct()).isEqualTo(jobId(j, Bytes32.ofNumber(42)));
  }

  @Test
  void aPayoutIsProvenAlike() {
    JsonNode p = vectors.get("payoutProof");
    Payout payout =
        new Payout(
            address(p, "account"),
            address(p, "asset"),
            address(p, "payout"),
            amount(p, "cumulative"));
    assertThat(payout.hashStruct()).isEqualTo(bytes32(p, "structHash"));
    List<Bytes32> siblings = list(p.get("siblings"), s -> Bytes32.fromHex(s.textValue()));
    assertThat(new StateProof(LeafKey.of(payout), payout, siblings).verify(bytes32(p, "root")))
        .isTrue();
  }

  @Test
  void chanceFallsAlike() {
    JsonNode pick = vectors.get("pick");
    List<Address> operators = list(pick.get("operators"), o -> Address.fromHex(o.textValue()));
    List<Bytes32> seats = list(pick.get("seats"), s -> Bytes32.fromHex(s.textValue()));
    List<Seat> seated =
        IntStream.range(0, seats.size())
            .mapToObj(i -> {
              assertThat(Picks.seat(operators.get(i), bytes32(pick, "seed")))
                  .isEqualTo(seats.get(i));
              return new Seat(operators.get(i), seats.get(i));
            })
            .toList();
    assertThat(Picks.pick(bytes32(pick, "purpose"), bytes32(pick, "id"), seated, seated.size()))
        .isEqualTo(list(pick.get("order"), i -> operators.get(Integer.parseInt(i.textValue()))));
    JsonNode proposers = vectors.get("proposers");
    assertThat(
            Picks.proposers(
                bytes32(proposers, "seed"),
                list(proposers.get("operators"), o -> Address.fromHex(o.textValue()))))
        .isEqualTo(list(proposers.get("order"), o -> Address.fromHex(o.textValue())));
    JsonNode seed = vectors.get("seed");
    assertThat(
            Picks.nextSeed(
                bytes32(seed, "previous"), bytes32(seed, "prevrandao"), number(seed, "epoch")))
        .isEqualTo(bytes32(seed, "seed"));
  }

  @Test
  void asMuchIsEmitted() {
    vectors
        .get("emission")
        .forEach(e ->
            assertThat(Emission.until(Duration.ofSeconds(number(e, "seconds"))))
                .as(e.toString())
                .isEqualTo(amount(e, "amount")));
  }

  @Test
  void theInboxRollsAlike() {
    Bytes32 rolling = Bytes32.ZERO;
    for (String name : List.of("inbox", "inboxKinds")) {
      for (JsonNode i : vectors.get(name)) {
        InboxItem item = Vectors.item(i);
        rolling = InboxRules.roll(rolling, List.of(item));
        assertThat(item.hashStruct()).isEqualTo(bytes32(i, "itemHash"));
        assertThat(rolling).isEqualTo(bytes32(i, "hash"));
      }
    }
  }

  @Test
  void theValidatorSetIsHashedAlike() {
    JsonNode set = vectors.get("validatorSet");
    assertThat(Keccak.hash(Bytes.fromHex(set.get("set").textValue()).toArray()))
        .isEqualTo(bytes32(set, "hash"));
    for (int i = 0; i < set.get("nodeKeys").size(); i++) {
      PublicKey key =
          NodeKey.of(Bytes32.fromHex(set.get("nodeKeys").get(i).textValue())).publicKey();
      assertThat(key.bytes().toString()).isEqualTo(set.get("publicKeys").get(i).textValue());
      assertThat(key.address().toString()).isEqualTo(set.get("nodeAddresses").get(i).textValue());
    }
  }

  private Bytes32 jobId(JsonNode j, Bytes32 nonce) {
    return new StructHasher.Type(bytes32(vectors.get("typeHashes"), "JobSpec"))
        .hasher()
        .address(address(j, "user"))
        .address(address(j, "home"))
        .bytes32(bytes32(j, "network"))
        .bytes32(bytes32(j, "moduleHash"))
        .uint64(number(j, "unitCount"))
        .bytes32(bytes32(j, "inputsRoot"))
        .uint64(number(j, "fuelLimitPerUnit"))
        .uint256(amount(j, "maxPrice"))
        .address(address(j, "asset"))
        .uint64(number(j, "deadline"))
        .bytes32(nonce)
        .hash();
  }

  private Domain domain() {
    JsonNode domain = vectors.get("domain");
    return new Domain(number(domain, "chainId"), address(domain, "core"));
  }

  private static StructHasher.Type typeOf(String name) {
    if (name.equals("EIP712Domain")) {
      return type(Domain.class);
    }
    return PACKAGES.stream()
        .flatMap(area -> record(area, name).stream())
        .map(VectorsTest::type)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no record " + name));
  }

  private static Optional<Class<?>> record(String area, String name) {
    try {
      return Optional.of(Class.forName("io.smartnodes.protocol." + area + "." + name));
    } catch (ClassNotFoundException elsewhere) {
      return Optional.empty();
    }
  }

  private static StructHasher.Type type(Class<?> struct) {
    try {
      Field field = struct.getDeclaredField("TYPE");
      field.setAccessible(true);
      return (StructHasher.Type) field.get(null);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(struct + " has no type", e);
    }
  }
}
