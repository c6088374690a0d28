package io.smartnodes.protocol.body.check;

import static io.smartnodes.protocol.transition.Rulings.confirmed;
import static io.smartnodes.protocol.transition.World.COINS_PER_UNIT;
import static io.smartnodes.protocol.transition.World.DOMAIN;
import static io.smartnodes.protocol.transition.World.DRAW_BLOCK;
import static io.smartnodes.protocol.transition.World.HOME;
import static io.smartnodes.protocol.transition.World.OTHER;
import static io.smartnodes.protocol.transition.World.OTHER_NODE;
import static io.smartnodes.protocol.transition.World.SEED;
import static io.smartnodes.protocol.transition.World.TOKEN;
import static io.smartnodes.protocol.transition.World.USER;
import static io.smartnodes.protocol.transition.World.allot;
import static io.smartnodes.protocol.transition.World.key;
import static io.smartnodes.protocol.transition.World.receipt;
import static io.smartnodes.protocol.transition.World.registration;
import static io.smartnodes.protocol.transition.World.release;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.body.Body;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.EpochVote;
import io.smartnodes.protocol.body.MemberSignature;
import io.smartnodes.protocol.body.MemberVerdict;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.transition.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Bodies on top of a running job, and what a check says of them. */
abstract class BodyFixture {
  static final Bytes32 DIGEST = Bytes32.ofNumber(88);
  static final Amount COINS = Amount.ofCoins(100);

  final World world = World.running(TOKEN, COINS);
  final ChainView chain = chain();

  Bytes32 job() {
    return world.job().jobId();
  }

  Body full() {
    List<Struct> items = new ArrayList<>();
    items.add(registration(key(31), key(32), 1));
    items.add(allot(USER, COINS, HOME, 5));
    items.add(release(USER, COINS, HOME, 6));
    items.add(world.hold(world.spec(TOKEN, 4, COINS, 7), COINS));
    items.add(receipt(job(), OTHER, OTHER_NODE, 3, 1, COINS_PER_UNIT));
    items.add(confirmed(receipt(job(), 0, 1, COINS_PER_UNIT)));
    items.add(confirmed(receipt(job(), 1, 1, COINS_PER_UNIT)));
    items.add(world.vote(0, DIGEST));
    items.add(world.vote(1, DIGEST));
    items.add(world.vote(2, DIGEST));
    return world.body(items.toArray(Struct[]::new));
  }

  EpochProposal.Terms terms() {
    return new EpochProposal.Terms(
        List.of(), world.state().head().asOf().plusSeconds(20), SEED, false);
  }

  BodyCheck.Verdict check(Body body) {
    return new BodyCheck(world.state(), chain).check(body);
  }

  void rejected(String item, String reason, Struct altered) {
    BodyCheck.Verdict verdict = check(world.body(altered));
    assertThat(verdict).isInstanceOf(BodyCheck.Rejected.class);
    BodyCheck.Rejected rejected = (BodyCheck.Rejected) verdict;
    assertThat(rejected.item()).isEqualTo(item + " " + altered.hashStruct());
    assertThat(rejected.reason()).contains(reason);
  }

  static Certificate with(
      Certificate good, List<MemberSignature> acks, List<MemberVerdict> verdicts) {
    return new Certificate(good.receipt(), acks, good.outcome(), good.refutation(), verdicts);
  }

  static Body votes(Body body, List<EpochVote> votes) {
    return new Body(
        body.epoch(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        votes);
  }

  private static ChainView chain() {
    return new ChainView(
        DOMAIN,
        TOKEN,
        height -> height == 10 ? Optional.of(DRAW_BLOCK) : Optional.empty(),
        epoch -> Optional.of(SEED),
        DIGEST);
  }

  static Bytes garbled(Bytes signature) {
    byte[] bytes = signature.toArray();
    bytes[40] ^= 1;
    return Bytes.of(bytes);
  }
}
