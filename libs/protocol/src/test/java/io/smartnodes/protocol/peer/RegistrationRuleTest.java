package io.smartnodes.protocol.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.peer.RegistrationRule.Decision;
import io.smartnodes.protocol.peer.RegistrationRule.Known;
import io.smartnodes.protocol.peer.RegistrationRule.Request;
import io.smartnodes.protocol.state.Account;
import io.smartnodes.protocol.state.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rule 3.2. */
class RegistrationRuleTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Domain DOMAIN =
      new Domain(31337, Address.fromHex("0x00000000000000000000000000000000000000c0"));
  private static final NodeKey ACCOUNT = NodeKey.of(Bytes32.ofNumber(1));
  private static final NodeKey NODE = NodeKey.of(Bytes32.ofNumber(2));
  private static final RegistrationRule RULE = new RegistrationRule(DOMAIN);

  private static Registration registration(Bytes key, int roles, Address payout, Duration life) {
    return new Registration(ACCOUNT.address(), key, roles, payout, 1, NOW.plus(life));
  }

  private static Registration good() {
    return registration(NODE.publicKey().bytes(), 3, ACCOUNT.address(), Duration.ofHours(1));
  }

  private static Request signed(Registration registration, NodeKey account, NodeKey node) {
    return new Request(
        registration,
        DOMAIN.sign(registration, account),
        DOMAIN.sign(registration, node),
        PeerId.of(NODE.publicKey()));
  }

  private static Decision decide(Registration registration) {
    return RULE.decide(signed(registration, ACCOUNT, NODE), Known.NOTHING, NOW);
  }

  private static Account leaf(Status status, long sequence) {
    return new Account(
        ACCOUNT.address(),
        NODE.publicKey().bytes(),
        1,
        ACCOUNT.address(),
        sequence,
        status,
        0,
        0,
        0,
        0,
        Instant.EPOCH,
        Bytes32.ofNumber(77),
        0);
  }

  @Test
  void aRegistrationSignedByBothKeysIsAccepted() {
    assertThat(decide(good()))
        .isEqualTo(new Decision.Accepted(good().hashStruct(), PeerId.of(NODE.publicKey())));
  }

  @Test
  void eachSignatureMustBeByItsOwnKey() {
    assertThat(RULE.decide(signed(good(), NODE, NODE), Known.NOTHING, NOW))
        .isEqualTo(new Decision.BadSignature("account_signature"));
    assertThat(RULE.decide(signed(good(), ACCOUNT, ACCOUNT), Known.NOTHING, NOW))
        .isEqualTo(new Decision.BadSignature("node_signature"));
  }

  @Test
  void theConnectionMustProveTheKeyThatIsRegistered() {
    PeerId stranger = PeerId.of(ACCOUNT.publicKey());
    Request request =
        new Request(good(), DOMAIN.sign(good(), ACCOUNT), DOMAIN.sign(good(), NODE), stranger);

    assertThat(RULE.decide(request, Known.NOTHING, NOW))
        .isEqualTo(new Decision.ForeignKey(PeerId.of(NODE.publicKey()), stranger));
  }

  @Test
  void onlyWorkerAndUserCanBeRegistered() {
    Bytes key = NODE.publicKey().bytes();
    for (int roles : new int[] {0, 4, 5, 8}) {
      assertThat(decide(registration(key, roles, ACCOUNT.address(), Duration.ofHours(1))))
          .isEqualTo(new Decision.BadRoles(roles));
    }
  }

  @Test
  void payoutExpiryAndKeyAreBounded() {
    Bytes key = NODE.publicKey().bytes();
    assertThat(decide(registration(key, 1, Address.ZERO, Duration.ofHours(1))))
        .isEqualTo(new Decision.ZeroAddress("payout"));
    assertThat(decide(registration(key, 1, ACCOUNT.address(), Duration.ZERO)))
        .isInstanceOf(Decision.BadExpiry.class);
    assertThat(decide(registration(key, 1, ACCOUNT.address(), Duration.ofDays(31))))
        .isInstanceOf(Decision.BadExpiry.class);
    assertThat(
            decide(registration(Bytes.of(new byte[64]), 1, ACCOUNT.address(), Duration.ofDays(1))))
        .isEqualTo(new Decision.BadKey());
    assertThat(
            decide(registration(Bytes.of(new byte[63]), 1, ACCOUNT.address(), Duration.ofDays(1))))
        .isEqualTo(new Decision.BadKey());
  }

  @Test
  void aKnownSequenceABannedAccountAndAForeignKeyAreRefused() {
    Request request = signed(good(), ACCOUNT, NODE);

    assertThat(RULE.decide(request, new Known(Optional.empty(), 1, Optional.empty()), NOW))
        .isEqualTo(new Decision.Replayed(1));
    assertThat(
            RULE.decide(
                request, new Known(Optional.of(leaf(Status.ACTIVE, 5)), 0, Optional.empty()), NOW))
        .isEqualTo(new Decision.Replayed(5));
    assertThat(
            RULE.decide(
                request, new Known(Optional.of(leaf(Status.BANNED, 0)), 0, Optional.empty()), NOW))
        .isEqualTo(new Decision.Banned(Bytes32.ofNumber(77)));
    assertThat(
            RULE.decide(request, new Known(Optional.empty(), 0, Optional.of(NODE.address())), NOW))
        .isEqualTo(new Decision.KeyTaken(NODE.address()));
    assertThat(
            RULE.decide(
                request, new Known(Optional.empty(), 0, Optional.of(ACCOUNT.address())), NOW))
        .isInstanceOf(Decision.Accepted.class);
  }
}
