package io.smartnodes.protocol.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.Network;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final NodeKey USER = NodeKey.of(Bytes32.ofNumber(11));
  private static final Address HOME = Address.fromWord(Bytes32.ofNumber(1));
  private static final Address ASSET = Address.fromWord(Bytes32.ofNumber(2));
  private static final Domain DOMAIN = new Domain(31337, ASSET);
  private static final Instant NOW = Instant.ofEpochSecond(1_000_000);
  private static final Bytes32 WASM = Keccak.text("wasm");

  private static JobSpec spec(long units, long fuel, long price, Instant deadline, Address home) {
    return new JobSpec(
        USER.address(),
        home,
        WASM,
        Bytes32.ofNumber(5),
        units,
        Bytes32.ofNumber(6),
        new Fuel(fuel),
        Amount.of(price),
        ASSET,
        deadline,
        1);
  }

  private static JobSpec good() {
    return spec(256, 1, 500, NOW.plusSeconds(60), HOME);
  }

  private static Admission.Knowledge known(long allotted, long releasing, long open) {
    return new Admission.Knowledge(
        DOMAIN,
        HOME,
        Optional.of(new Network(WASM, Bytes32.ZERO, Address.ZERO, 1)),
        65_536,
        false,
        Optional.of(
            new Allotment(
                USER.address(), ASSET, HOME, Amount.of(allotted), Amount.of(releasing), 0)),
        Amount.of(open),
        7);
  }

  private static Admission.Outcome judge(JobSpec spec, Admission.Knowledge known) {
    return Admission.judge(spec, DOMAIN.sign(spec, USER), known, NOW);
  }

  private static void refusedAt(String field, Admission.Outcome outcome) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Admission.Refused.class, refused -> assertThat(refused.field()).isEqualTo(field));
  }

  @Test
  void aCoveredJobIsHeldAtItsWholePrice() {
    assertThat(judge(good(), known(500, 0, 0)))
        .isEqualTo(new Admission.Held(new Hold(good().hashStruct(), HOME, Amount.of(500), 7)));
  }

  @Test
  void whatOpenHoldsAndReleasesClaimIsNotPromisedTwice() {
    refusedAt("spec.max_price", judge(good(), known(999, 0, 500)));
    refusedAt("spec.max_price", judge(good(), known(999, 500, 0)));
    refusedAt("spec.max_price", judge(good(), known(100, 5_000, 5_000)));
    assertThat(judge(good(), known(1_000, 0, 500))).isInstanceOf(Admission.Held.class);
  }

  @Test
  void everyFieldOutOfBoundsIsNamed() {
    Instant soon = NOW.plusSeconds(60);
    refusedAt("spec.home", judge(spec(1, 1, 1, soon, ASSET), known(500, 0, 0)));
    refusedAt("spec.unit_count", judge(spec(0, 1, 1, soon, HOME), known(500, 0, 0)));
    refusedAt("spec.unit_count", judge(spec(65_537, 1, 1, soon, HOME), known(500, 0, 0)));
    refusedAt("spec.fuel_limit_per_unit", judge(spec(1, 0, 1, soon, HOME), known(500, 0, 0)));
    refusedAt("spec.max_price", judge(spec(1, 1, 0, soon, HOME), known(500, 0, 0)));
    refusedAt("spec.deadline", judge(spec(1, 1, 1, NOW, HOME), known(500, 0, 0)));
    refusedAt(
        "spec.deadline",
        judge(
            spec(1, 1, 1, NOW.plus(Admission.SHORTEST).minus(Duration.ofSeconds(1)), HOME),
            known(500, 0, 0)));
  }

  @Test
  void aSignatureForAnotherChainOrByAnotherKeyIsRefused() {
    Domain foreign = new Domain(1, ASSET);
    refusedAt(
        "user_signature",
        Admission.judge(good(), foreign.sign(good(), USER), known(500, 0, 0), NOW));
    refusedAt(
        "user_signature",
        Admission.judge(
            good(), DOMAIN.sign(good(), NodeKey.of(Bytes32.ofNumber(12))), known(500, 0, 0), NOW));
  }

  @Test
  void unknownNetworksAndUsedNoncesAreRefused() {
    UnaryOperator<Admission.Knowledge> closed =
        k ->
            new Admission.Knowledge(
                k.domain(),
                k.home(),
                Optional.of(new Network(WASM, Bytes32.ZERO, Address.ZERO, 0)),
                k.maxUnits(),
                k.nonceUsed(),
                k.allotment(),
                k.openHolds(),
                k.stateEpoch());
    refusedAt("spec.network", judge(good(), closed.apply(known(500, 0, 0))));
    Admission.Knowledge k = known(500, 0, 0);
    refusedAt(
        "spec.nonce",
        judge(
            good(),
            new Admission.Knowledge(
                k.domain(),
                k.home(),
                k.network(),
                k.maxUnits(),
                true,
                k.allotment(),
                k.openHolds(),
                k.stateEpoch())));
  }

  @Test
  void aHoldIsPastOnlyAfterBothItsBodies() {
    Hold hold = new Hold(Bytes32.ZERO, HOME, Amount.of(1), 7);
    assertThat(Admission.isPast(hold, 8, 2)).isFalse();
    assertThat(Admission.isPast(hold, 9, 2)).isTrue();
  }
}
