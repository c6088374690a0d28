package io.smartnodes.protocol.body.check;

import static io.smartnodes.protocol.transition.World.HOME;
import static io.smartnodes.protocol.transition.World.SEED;
import static io.smartnodes.protocol.transition.World.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.body.Body;
import io.smartnodes.protocol.body.SignedHold;
import io.smartnodes.protocol.epoch.InboxItem;
import io.smartnodes.protocol.epoch.InboxKind;
import io.smartnodes.protocol.epoch.Slash;
import io.smartnodes.protocol.epoch.Update;
import io.smartnodes.protocol.transition.Inbox;
import io.smartnodes.protocol.transition.World;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EpochProposalTest extends BodyFixture {
  @Test
  void buildingKeepsWhatIsValidAndCanActAndNamesTheRest() {
    Body full = full();
    SignedHold invalid = world.hold(world.spec(TOKEN, 4, COINS, 9), COINS);
    SignedHold late = World.hold(world.spec(TOKEN, 4, COINS, 10), COINS, 99);
    Body bag =
        new Body(
            99,
            full.registrations(),
            List.of(),
            List.of(),
            List.of(
                late,
                new SignedHold(
                    invalid.spec(), Bytes.EMPTY, invalid.hold(), invalid.homeSignature())),
            List.of(),
            full.certificates().reversed(),
            List.of(),
            full.votes().reversed());
    EpochProposal.Derived built =
        (EpochProposal.Derived) EpochProposal.build(world.state(), chain, bag, terms());
    assertThat(built.body().registrations()).isEqualTo(full.registrations());
    assertThat(built.body().votes()).isEqualTo(full.votes());
    assertThat(built.body().holds()).isEmpty();
    assertThat(built.leftOut())
        .extracting(BodyCheck.Rejected::reason)
        .containsExactlyInAnyOrder(
            "the job is not signed by its user", "it does not count in this epoch");
    assertThat(built.applied().ignored()).isEmpty();
    EpochProposal.Derived checked =
        (EpochProposal.Derived) EpochProposal.check(world.state(), chain, built.body(), terms());
    assertThat(checked.digest()).isEqualTo(built.digest());
    assertThat(checked.update().stateRoot()).isEqualTo(built.applied().next().root());
    assertThat(checked.applied().effects()).isEqualTo(built.applied().effects()).isPositive();
  }

  @Test
  void termsThatDoNotContinueTheStateAreRejected() {
    assertThat(
            EpochProposal.check(
                world.state(),
                chain,
                world.body(),
                new EpochProposal.Terms(List.of(), World.GENESIS, SEED, false)))
        .asString()
        .contains("before that of the state");
    assertThat(
            EpochProposal.check(
                world.state(),
                chain,
                world.body(),
                new EpochProposal.Terms(
                    List.of(new InboxItem(7, InboxKind.JOIN, HOME, TOKEN, COINS, HOME, SEED)),
                    world.state().head().asOf(),
                    SEED,
                    false)))
        .asString()
        .contains("item 1 is not in its place");
  }

  @Test
  void theUpdateNamesTheNextSetAndWhatHomesLose() {
    SignedHold uncovered = world.hold(world.spec(TOKEN, 4, COINS, 10), COINS);
    Inbox inbox = new Inbox(world);
    EpochProposal.Terms terms =
        new EpochProposal.Terms(
            List.of(inbox.join(World.address(41), World.key(51), World.GENESIS)),
            world.state().head().asOf(),
            SEED,
            false);
    EpochProposal.Derived derived =
        (EpochProposal.Derived)
            EpochProposal.build(world.state(), chain, world.body(uncovered), terms);
    byte[] entry = new byte[40];
    System.arraycopy(World.key(51).publicKey().address().toArray(), 0, entry, 0, 20);
    System.arraycopy(World.address(41).toArray(), 0, entry, 20, 20);
    assertThat(derived.update().nextSetHash())
        .isEqualTo(Keccak.hash(world.state().validatorSet().toArray(), entry));
    assertThat(derived.body().holds()).containsExactly(uncovered);
    assertThat(derived.update().slashes())
        .containsExactly(
            new Slash(HOME, Amount.ofCoins(10), derived.body().holds().getFirst().hashStruct()));
    EpochProposal.Derived idle =
        (EpochProposal.Derived) EpochProposal.check(world.state(), chain, world.body(), terms());
    assertThat(idle.update().nextSetHash()).isEqualTo(world.state().validatorSetHash());
  }

  @Test
  void aDrainHasNoBodyAndLeavesEverythingForLater() {
    EpochProposal.Terms drain =
        new EpochProposal.Terms(List.of(), world.state().head().asOf(), SEED, true);
    EpochProposal.Derived derived =
        (EpochProposal.Derived) EpochProposal.build(world.state(), chain, full(), drain);
    assertThat(derived.update().bodyHash()).isEqualTo(Bytes32.ZERO);
    assertThat(derived.body().isEmpty()).isTrue();
    assertThat(derived.leftOut()).isEmpty();
    EpochProposal.Derived checked =
        (EpochProposal.Derived) EpochProposal.check(world.state(), chain, world.body(), drain);
    assertThat(checked.digest()).isEqualTo(derived.digest());
    assertThat(EpochProposal.check(world.state(), chain, full(), drain))
        .isEqualTo(new EpochProposal.Rejected("body", "a drain has none"));
  }

  @Test
  void everyFieldOfAnUpdateChangesTheDigest() {
    Update u =
        ((EpochProposal.Derived) EpochProposal.check(world.state(), chain, full(), terms()))
            .update();
    Set<Bytes32> digests = new HashSet<>();
    List<Update> variants =
        List.of(
            u,
            new Update(
                u.epoch() + 1,
                u.previousStateRoot(),
                u.stateRoot(),
                u.bodyHash(),
                u.inboxCount(),
                u.inboxHash(),
                u.asOf(),
                u.totals(),
                u.ejections(),
                u.slashes(),
                u.nextSetHash()),
            new Update(
                u.epoch(),
                SEED,
                u.stateRoot(),
                u.bodyHash(),
                u.inboxCount(),
                u.inboxHash(),
                u.asOf(),
                u.totals(),
                u.ejections(),
                u.slashes(),
                u.nextSetHash()),
            new Update(
                u.epoch(),
                u.previousStateRoot(),
                SEED,
                u.bodyHash(),
                u.inboxCount(),
                u.inboxHash(),
                u.asOf(),
                u.totals(),
                u.ejections(),
                u.slashes(),
                u.nextSetHash()),
            new Update(
                u.epoch(),
                u.previousStateRoot(),
                u.stateRoot(),
                SEED,
                u.inboxCount(),
                u.inboxHash(),
                u.asOf(),
                u.totals(),
                u.ejections(),
                u.slashes(),
                u.nextSetHash()),
            new Update(
                u.epoch(),
                u.previousStateRoot(),
                u.stateRoot(),
                u.bodyHash(),
                99,
                u.inboxHash(),
                u.asOf(),
                u.totals(),
                u.ejections(),
                u.slashes(),
                u.nextSetHash()),
            new Update(
                u.epoch(),
                u.previousStateRoot(),
                u.stateRoot(),
                u.bodyHash(),
                u.inboxCount(),
                SEED,
                u.asOf(),
                u.totals(),
                u.ejections(),
                u.slashes(),
                u.nextSetHash()),
            new Update(
                u.epoch(),
                u.previousStateRoot(),
                u.stateRoot(),
                u.bodyHash(),
                u.inboxCount(),
                u.inboxHash(),
                u.asOf().plusSeconds(1),
                u.totals(),
                u.ejections(),
                u.slashes(),
                u.nextSetHash()),
            new Update(
                u.epoch(),
                u.previousStateRoot(),
                u.stateRoot(),
                u.bodyHash(),
                u.inboxCount(),
                u.inboxHash(),
                u.asOf(),
                List.of(),
                u.ejections(),
                u.slashes(),
                u.nextSetHash()),
            new Update(
                u.epoch(),
                u.previousStateRoot(),
                u.stateRoot(),
                u.bodyHash(),
                u.inboxCount(),
                u.inboxHash(),
                u.asOf(),
                u.totals(),
                List.of(HOME),
                u.slashes(),
                u.nextSetHash()),
            new Update(
                u.epoch(),
                u.previousStateRoot(),
                u.stateRoot(),
                u.bodyHash(),
                u.inboxCount(),
                u.inboxHash(),
                u.asOf(),
                u.totals(),
                u.ejections(),
                List.of(new Slash(HOME, COINS, SEED)),
                u.nextSetHash()),
            new Update(
                u.epoch(),
                u.previousStateRoot(),
                u.stateRoot(),
                u.bodyHash(),
                u.inboxCount(),
                u.inboxHash(),
                u.asOf(),
                u.totals(),
                u.ejections(),
                u.slashes(),
                SEED));
    variants.forEach(variant -> digests.add(variant.hashStruct()));
    assertThat(digests).hasSize(variants.size());
  }
}
