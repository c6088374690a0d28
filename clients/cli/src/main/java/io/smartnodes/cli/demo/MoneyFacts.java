package io.smartnodes.cli.demo;

import io.smartnodes.chain.abi.CoreAbi;
import io.smartnodes.chain.contracts.CoreCalls;
import io.smartnodes.cli.session.Claims;
import io.smartnodes.cli.session.Session;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.epoch.AssetTotals;
import io.smartnodes.protocol.state.Payout;
import io.smartnodes.protocol.state.ProtocolParameters;
import io.smartnodes.protocol.state.Totals;
import io.smartnodes.protocol.state.tree.LeafKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Where the money is, to the last wei: the chain's balances against the executed state. */
final class MoneyFacts {
  private static final long BASIS = 10_000;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Session session;
  private final Checks checks;
  private final ProtocolParameters parameters;

  MoneyFacts(Session session, ProtocolParameters parameters, Checks checks) {
    this.session = session;
    this.parameters = parameters;
    this.checks = checks;
  }

  /** What a worker is paid for a certificate, the fee taken off. */
  Amount net(Certificate certificate) {
    Amount amount = gross(certificate);
    return amount.minus(fee(amount));
  }

  /** What the user pays for a certificate. */
  static Amount gross(Certificate certificate) {
    return certificate
        .receipt()
        .lease()
        .unitPrice()
        .times(certificate.receipt().receipt().fuel().value());
  }

  private Amount fee(Amount amount) {
    return amount.share(parameters.feeBasisPoints(), BASIS);
  }

  /** What each worker has earned by the certificates of the only job. */
  Map<Address, Amount> earned(Collection<Certificate> confirmed) {
    Map<Address, Amount> earned = new TreeMap<>();
    for (Certificate certificate : confirmed) {
      earned.merge(certificate.receipt().lease().worker(), net(certificate), Amount::plus);
    }
    return earned;
  }

  /**
   * Checks that everything adds up after the only job of the network was paid.
   *
   * @param confirmed all certificates that were paid
   * @param accounts all that may have claimed
   */
  Report.ConservationPart conservation(List<Certificate> confirmed, Collection<Address> accounts) {
    Address sno = session.deployment().token();
    Moment now = moment(sno);
    Amount deposits = session.contracts().core().received(sno);
    Amount paid = Amount.ZERO;
    for (Address account : accounts) {
      paid = paid.plus(session.contracts().core().claimed(account, sno));
    }
    Totals state = now.state();
    Amount liabilities =
        state.balances().plus(state.payouts()).plus(state.heldBack()).plus(state.burnt());
    boolean inState = liabilities.equals(deposits.plus(state.minted()));
    checks.note(
        "conservationInTheState",
        inState,
        "balances + payouts + held back + burnt = "
            + liabilities
            + ", deposits + minted = "
            + deposits.plus(state.minted()));
    checks.note(
        "totalsOnChainEqualTheState",
        now.onChain().equals(chainTotals(state)),
        "epoch " + now.epoch() + ": " + now.onChain());
    Amount held = now.held();
    Amount should = deposits.plus(state.minted()).minus(state.burnt()).minus(paid);
    checks.note(
        "conservationOnTheChain",
        held.equals(should),
        "Core holds " + held + ", deposits + minted - burnt - paid = " + should);
    Amount fees = Amount.ZERO;
    Amount atLeast = Amount.ZERO;
    Amount wages = Amount.ZERO;
    Amount spent = Amount.ZERO;
    for (Certificate certificate : confirmed) {
      Amount fee = fee(gross(certificate));
      fees = fees.plus(fee);
      atLeast = atLeast.plus(fee.share(1, 2));
      wages = wages.plus(net(certificate));
      spent = spent.plus(gross(certificate));
    }
    checkFees(state, fees, atLeast, wages);
    checks.note(
        "userPaysForCertifiedWorkOnly",
        state.balances().plus(spent).equals(deposits),
        "deposited " + deposits + ", spent " + spent + ", left " + state.balances());
    return new Report.ConservationPart(
        deposits.toString(),
        state.minted().toString(),
        paid.toString(),
        state.balances().plus(state.payouts()).plus(state.heldBack()).minus(paid).toString(),
        fees.toString(),
        state.burnt().toString(),
        inState && held.equals(should));
  }

  /** Half of each fee is burnt; what attesters cannot share in equal parts too. */
  private void checkFees(Totals state, Amount fees, Amount atLeast, Amount wages) {
    boolean half = state.burnt().compareTo(atLeast) >= 0 && state.burnt().compareTo(fees) <= 0;
    checks.note(
        "halfOfTheFeesBurnt",
        half && (fees.isZero() || !state.burnt().isZero()),
        "fees " + fees + ", burnt " + state.burnt());
    Amount should = wages.plus(state.minted()).plus(fees).minus(state.burnt());
    checks.note(
        "payoutsAreWagesFeesAndEmission",
        state.payouts().equals(should),
        "payouts " + state.payouts() + ", wages + emission + fees - burnt = " + should);
  }

  /** What state and chain say of SNO after an epoch; held is Core's balance. */
  private record Moment(long epoch, Totals state, AssetTotals onChain, Amount held) {}

  /** State and chain at one moment: read again when an epoch was executed in between. */
  private Moment moment(Address sno) {
    List<Moment> found = new ArrayList<>();
    try {
      session.await(
          "a moment in which the state stands where the chain does",
          PATIENCE,
          s -> {
            present(sno).ifPresent(found::add);
            return !found.isEmpty();
          });
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
    return found.getFirst();
  }

  /** Empty if an epoch was executed while it looked, or the state is not there yet. */
  private Optional<Moment> present(Address sno) {
    CoreCalls core = session.contracts().core();
    long before = core.epoch();
    // Tokens follow the books when somebody asks for it.
    session.onChain().send("settlement", core.settle());
    Amount held = session.contracts().token().balanceOf(core.address());
    AssetTotals onChain = settled(before, sno);
    var leaf =
        session
            .leaf(LeafKey.totals(sno), Totals.class)
            .orElseThrow(() -> new IllegalStateException("the state has no totals of SNO"));
    return leaf.epoch() == before && core.epoch() == before
        ? Optional.of(new Moment(before, leaf.value(), onChain, held))
        : Optional.empty();
  }

  /** The totals that Core took with an epoch; they stand in its event. */
  private AssetTotals settled(long epoch, Address asset) {
    Bytes32 topic = Keccak.text(CoreAbi.TotalsSettled.SIGNATURE);
    return session.onChain().logs(session.deployment().core()).stream()
        .filter(log -> log.topics().getFirst().equals(topic))
        .map(log -> CoreAbi.TotalsSettled.read(log.topics(), log.data()))
        .filter(totals -> totals.epoch() == epoch && totals.asset().equals(asset))
        .map(totals ->
            new AssetTotals(
                totals.asset(),
                new Amount(totals.balances()),
                new Amount(totals.payouts()),
                new Amount(totals.heldBack()),
                new Amount(totals.burnt()),
                new Amount(totals.minted())))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("epoch " + epoch + " settled no totals"));
  }

  private static AssetTotals chainTotals(Totals totals) {
    return new AssetTotals(
        totals.asset(),
        totals.balances(),
        totals.payouts(),
        totals.heldBack(),
        totals.burnt(),
        totals.minted());
  }

  /** Checks that payout leaves are what certificates say. */
  void checkPayouts(Claims claims, Map<Address, Amount> earned, Collection<Address> workers) {
    StringBuilder wrong = new StringBuilder();
    for (Address worker : workers) {
      Amount should = earned.getOrDefault(worker, Amount.ZERO);
      Amount is =
          claims
              .leaf(worker)
              .map(Session.Executed::value)
              .map(Payout::cumulative)
              .orElse(Amount.ZERO);
      if (!is.equals(should)) {
        wrong
            .append(worker)
            .append(" has ")
            .append(is)
            .append(", not ")
            .append(should)
            .append("; ");
      }
    }
    checks.note(
        "payoutsAreWhatCertificatesSay",
        wrong.isEmpty(),
        wrong.isEmpty() ? earned.size() + " workers earned" : wrong.toString());
  }
}
