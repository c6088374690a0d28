package io.smartnodes.protocol.dht;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.Role;
import io.smartnodes.protocol.dht.RecordValidator.Check;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.peer.Endpoint;
import io.smartnodes.protocol.peer.NodeRecord;
import io.smartnodes.protocol.peer.WorkerOffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules 3.4.1 to 3.4.3. */
class RecordValidatorTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Address CORE = Address.fromHex("0x00000000000000000000000000000000000000c0");
  private static final Domain DOMAIN = new Domain(31337, CORE);
  private static final NodeKey KEY = NodeKey.of(Bytes32.ofNumber(11));
  private static final NodeKey OTHER = NodeKey.of(Bytes32.ofNumber(12));
  private static final Address ACCOUNT = OTHER.address();
  private static final PeerId PEER = PeerId.of(KEY.publicKey());
  private static final RecordValidator VALIDATOR =
      new RecordValidator(
          DOMAIN,
          (peer, account) ->
              peer.equals(PEER) && account.equals(ACCOUNT) ? Set.of(Role.WORKER) : Set.of());

  private static NodeRecord record(long sequence, Duration life, int roles, Address account) {
    return new NodeRecord(
        PEER,
        account,
        roles,
        List.of(new Endpoint("worker", "localhost", 7500)),
        List.of("wasm"),
        sequence,
        NOW.plus(life));
  }

  private static DhtRecord signed(NodeRecord record, NodeKey key, Domain domain) {
    return new DhtRecord.OfNode(record, KEY.publicKey(), domain.sign(record, key));
  }

  private static DhtRecord good() {
    return signed(record(1, Duration.ofMinutes(60), 1, ACCOUNT), KEY, DOMAIN);
  }

  private static Check check(DhtRecord record) {
    return VALIDATOR.check(record, record.keys().getFirst(), 300, NOW);
  }

  @Test
  void aSignedRecordOfARegisteredWorkerMayBeStoredUnderBothOfItsKeys() {
    assertThat(check(good())).isEqualTo(new Check.Valid());
    assertThat(VALIDATOR.check(good(), DhtRecord.keyOf(1, PEER), 300, NOW))
        .isEqualTo(new Check.Valid());
  }

  @Test
  void aRecordIsRefusedUnderTheKeyOfAnother() {
    Bytes32 foreign = DhtRecord.keyOf(2, PEER);

    assertThat(VALIDATOR.check(good(), foreign, 300, NOW)).isEqualTo(new Check.WrongKey(foreign));
  }

  @Test
  void aRecordSignedByAnotherKeyOrForAnotherChainIsRefused() {
    NodeRecord record = record(1, Duration.ofMinutes(60), 1, ACCOUNT);

    assertThat(check(signed(record, OTHER, DOMAIN))).isEqualTo(new Check.BadSignature());
    assertThat(check(signed(record, KEY, new Domain(1, CORE)))).isEqualTo(new Check.BadSignature());
  }

  @Test
  void aRecordMayNotClaimARoleOrAnAccountThatItsAuthorDoesNotHold() {
    assertThat(check(signed(record(1, Duration.ofMinutes(60), 4, ACCOUNT), KEY, DOMAIN)))
        .isInstanceOf(Check.NoAuthority.class);
    assertThat(check(signed(record(1, Duration.ofMinutes(60), 1, CORE), KEY, DOMAIN)))
        .isInstanceOf(Check.NoAuthority.class);
    assertThat(check(signed(record(1, Duration.ofMinutes(60), 1 | 8, ACCOUNT), KEY, DOMAIN)))
        .isEqualTo(new Check.BadField("roles"));
  }

  @Test
  void aRecordThatIsOverOrLivesTooLongOrIsTooLargeIsRefused() {
    assertThat(check(signed(record(1, Duration.ZERO, 1, ACCOUNT), KEY, DOMAIN)))
        .isInstanceOf(Check.BadExpiry.class);
    assertThat(check(signed(record(1, Duration.ofMinutes(62), 1, ACCOUNT), KEY, DOMAIN)))
        .isInstanceOf(Check.BadExpiry.class);
    assertThat(check(signed(record(0, Duration.ofMinutes(60), 1, ACCOUNT), KEY, DOMAIN)))
        .isEqualTo(new Check.BadSequence(0));
    assertThat(VALIDATOR.check(good(), PEER.value(), RecordValidator.MOST_BYTES + 1, NOW))
        .isEqualTo(new Check.TooLarge(RecordValidator.MOST_BYTES + 1));
  }

  @Test
  void anOfferIsStoredUnderItsOwnKeyOnly() {
    WorkerOffer offer =
        new WorkerOffer(
            PEER, ACCOUNT, "wasm", 2, Amount.of(10), 1, NOW.plus(Duration.ofMinutes(5)));
    DhtRecord record = new DhtRecord.OfWorker(offer, KEY.publicKey(), DOMAIN.sign(offer, KEY));

    assertThat(check(record)).isEqualTo(new Check.Valid());
    assertThat(VALIDATOR.check(record, PEER.value(), 300, NOW)).isInstanceOf(Check.WrongKey.class);
  }

  @Test
  void theHighestSequenceStandsThenTheLowestHash() {
    DhtRecord old = good();
    DhtRecord newer = signed(record(2, Duration.ofMinutes(1), 1, ACCOUNT), KEY, DOMAIN);
    DhtRecord twin = signed(record(1, Duration.ofMinutes(59), 1, ACCOUNT), KEY, DOMAIN);

    assertThat(RecordSelector.replaces(newer, old)).isTrue();
    assertThat(RecordSelector.replaces(old, newer)).isFalse();
    assertThat(RecordSelector.replaces(old, old)).isFalse();
    assertThat(RecordSelector.replaces(twin, old))
        .isEqualTo(twin.hash().compareTo(old.hash()) < 0)
        .isNotEqualTo(RecordSelector.replaces(old, twin));
  }
}
