package io.smartnodes.cli.governance;

import io.smartnodes.chain.ContractCall;
import io.smartnodes.chain.contracts.GovernedCalls;
import io.smartnodes.cli.terminal.UsageProblem;
import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.Amount;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What the holders of SNO can change, by name; bounds are the contracts' own. */
public enum Setting {
  EPOCH_LENGTH("epochLength", "seconds", "4", "86400", 0),
  ROUND_LENGTH("roundLength", "seconds", "1", "3600", 1),
  CONFIRMATION_DEPTH("confirmationDepth", "blocks", "1", "256", 2),
  FEE_BASIS_POINTS("feeBasisPoints", "1/10,000 of a payment", "0", "1000", 3),
  REFERENCE_FEE("referenceFee", "SNO wei", "1", "1" + "0".repeat(24), 4),
  SCORE_DECAY("scoreDecay", "millionths", "0", "1000000", 5),
  WITNESSES("witnesses", "validators", "4", "64", 6),
  JURY_SIZE("jurySize", "validators", "4", "64", 7),
  SAMPLE_SIZE("sampleSize", "units", "2", "1024", 8),
  HOLD_LIFETIME("holdLifetime", "epochs", "1", "2", 9),
  CLOSING_DELAY("closingDelay", "epochs", "2", "1024", 10),
  RELEASE_DELAY("releaseDelay", "epochs", "2", "64", 11),
  TREASURY("treasury", "address", "1", "1461501637330902918203684832716283019655932542975", 12),
  MAX_UNITS_PER_JOB("maxUnitsPerJob", "units", "1", "524288", 14),
  MAX_UNITS_PER_LEASE("maxUnitsPerLease", "units", "1", "1048576", 15),
  HOLD_SLASH("holdSlash", "SNO wei", "0", "1" + "0".repeat(22), 16),
  JOIN_PERIOD("joinPeriod", "seconds", "1", "2592000", -1),
  EXIT_NOTICE("exitNotice", "seconds", "1", "2592000", -1),
  UNBONDING("unbonding", "seconds", "1", "31536000", -1),
  MINIMUM_STAKE("minimumStake", "SNO wei", "1" + "0".repeat(18), "1" + "0".repeat(25), -1),
  VOTING_DELAY("votingDelay", "seconds", "0", "2592000", -1),
  VOTING_PERIOD("votingPeriod", "seconds", "10", "5184000", -1),
  PROPOSAL_THRESHOLD("proposalThreshold", "SNO wei", "0", "1" + "0".repeat(25), -1),
  QUORUM_PERCENT("quorumPercent", "hundredths of the supply", "1", "50", -1),
  TIMELOCK_DELAY("timelockDelay", "seconds", "0", "2592000", -1);

  private final String text;
  private final String unit;
  private final BigInteger least;
  private final BigInteger most;
  private final int index;

  Setting(String text, String unit, String least, String most, int index) {
    this.text = text;
    this.unit = unit;
    this.least = new BigInteger(least);
    this.most = new BigInteger(most);
    this.index = index;
  }

  /** The setting of a name. */
  public static Setting named(String name) {
    return Arrays.stream(values())
        .filter(setting -> setting.text.equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(() ->
            new UsageProblem(
                "no setting is called '"
                    + name
                    + "': "
                    + Arrays.stream(values())
                        .map(Setting::text)
                        .collect(Collectors.joining(", "))));
  }

  /** Its name. */
  public String text() {
    return text;
  }

  /** What its values count. */
  public String unit() {
    return unit;
  }

  /** The least value. */
  public BigInteger least() {
    return least;
  }

  /** The greatest value. */
  public BigInteger most() {
    return most;
  }

  boolean isLength() {
    return this == EPOCH_LENGTH || this == ROUND_LENGTH;
  }

  /** Its place in the parameters of the state, negative if it is none of them. */
  public int index() {
    return index;
  }

  /** A value of it: a number in its unit, or an address. */
  BigInteger parse(String value) {
    try {
      BigInteger number =
          value.startsWith("0x")
              ? Address.fromHex(value).toWord().toNumber()
              : new BigInteger(value.replace("_", ""));
      if (number.compareTo(least) >= 0 && number.compareTo(most) <= 0) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      throw new UsageProblem(text + ": '" + value + "' is no whole number of " + unit);
    }
    throw new UsageProblem(
        text
            + ": "
            + value
            + " is out of bounds; it counts "
            + unit
            + ", "
            + least
            + " to "
            + most);
  }

  /** The call that changes it, for all but the lengths, which change together. */
  ContractCall call(GovernedCalls governed, BigInteger value) {
    return switch (this) {
      case EPOCH_LENGTH, ROUND_LENGTH ->
          throw new IllegalStateException("both lengths change in one call");
      case JOIN_PERIOD -> governed.setJoinPeriod(seconds(value));
      case EXIT_NOTICE -> governed.setExitNotice(seconds(value));
      case UNBONDING -> governed.setUnbonding(seconds(value));
      case MINIMUM_STAKE -> governed.setMinimumStake(new Amount(value));
      case VOTING_DELAY -> governed.setVotingDelay(seconds(value));
      case VOTING_PERIOD -> governed.setVotingPeriod(seconds(value));
      case PROPOSAL_THRESHOLD -> governed.setProposalThreshold(new Amount(value));
      case QUORUM_PERCENT -> governed.setQuorum(value.intValueExact());
      case TIMELOCK_DELAY -> governed.setTimelockDelay(seconds(value));
      case CONFIRMATION_DEPTH,
          FEE_BASIS_POINTS,
          REFERENCE_FEE,
          SCORE_DECAY,
          WITNESSES,
          JURY_SIZE,
          SAMPLE_SIZE,
          HOLD_LIFETIME,
          CLOSING_DELAY,
          RELEASE_DELAY,
          TREASURY,
          MAX_UNITS_PER_JOB,
          MAX_UNITS_PER_LEASE,
          HOLD_SLASH ->
          governed.setParameter(index, new Amount(value));
    };
  }

  private static Duration seconds(BigInteger value) {
    return Duration.ofSeconds(value.longValueExact());
  }
}
