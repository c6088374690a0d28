package io.smartnodes.chain;

import io.smartnodes.chain.TransactionOutcome.Receipt;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.DefaultBlockParameter;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.core.methods.request.EthFilter;
import org.web3j.protocol.core.methods.request.Transaction;
import org.web3j.protocol.core.methods.response.EthBlock;
import org.web3j.protocol.core.methods.response.EthLog;
import org.web3j.protocol.core.methods.response.Log;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.protocol.http.HttpService;

/**
 * The JSON-RPC of one node of the chain. Every call blocks, for at most ten seconds where nothing
 * else is said, and throws {@link ChainFailure} when the node is broken. Safe for many threads.
 */
public final class ChainClient implements AutoCloseable {
  /** For those who rather wait than fail: people, and tools on machines with much to do. */
  public static final Duration PATIENT = Duration.ofMinutes(1);

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Web3j web3j;
  private final OkHttpClient http;

  /** Talks to the node at an address; connects on the first call. */
  public ChainClient(URI rpc) {
    this(rpc, TIMEOUT);
  }

  /**
   * Talks to the node at an address; connects on the first call.
   *
   * @param longest time that a call may take
   */
  public ChainClient(URI rpc, Duration longest) {
    this.http =
        new OkHttpClient.Builder()
            .connectTimeout(longest)
            .readTimeout(longest)
            .writeTimeout(longest)
            .callTimeout(longest)
            .build();
    this.web3j = Web3j.build(new HttpService(rpc.toString(), http));
  }

  /** A contract call or the creation of a contract (no {@code to}). */
  record Message(Address from, Optional<Address> to, Amount value, Bytes data) {}

  /** Fees of EIP-1559, in wei per gas. */
  record Fees(BigInteger tip, BigInteger cap) {}

  /** The id of the chain. */
  public long chainId() {
    return send("eth_chainId", web3j.ethChainId()).getChainId().longValueExact();
  }

  /** Number of the newest block. */
  public long headNumber() {
    return send("eth_blockNumber", web3j.ethBlockNumber()).getBlockNumber().longValueExact();
  }

  /** The block at a number, empty beyond the head. */
  public Optional<Block> block(long number) {
    EthBlock answer =
        send(
            "eth_getBlockByNumber",
            web3j.ethGetBlockByNumber(
                DefaultBlockParameter.valueOf(BigInteger.valueOf(number)), false));
    return Optional.ofNullable(answer.getBlock())
        .map(block ->
            new Block(
                block.getNumber().longValueExact(),
                Bytes32.fromHex(block.getHash()),
                Bytes32.fromHex(block.getParentHash()),
                Instant.ofEpochSecond(block.getTimestamp().longValueExact())));
  }

  /** The code of a contract; nothing where none stands. */
  public Bytes code(Address address) {
    return code(address, DefaultBlockParameterName.LATEST);
  }

  /** The code of a contract after a block, as far back as the node remembers. */
  public Bytes codeAt(Address address, long block) {
    return code(address, DefaultBlockParameter.valueOf(BigInteger.valueOf(block)));
  }

  private Bytes code(Address address, DefaultBlockParameter block) {
    String code = send("eth_getCode", web3j.ethGetCode(address.toString(), block)).getCode();
    return code == null ? Bytes.EMPTY : Bytes.fromHex(code);
  }

  /** Balance of the native coin. */
  public Amount balance(Address address) {
    return new Amount(
        send(
                "eth_getBalance",
                web3j.ethGetBalance(address.toString(), DefaultBlockParameterName.LATEST))
            .getBalance());
  }

  /** Events of some contracts between two blocks, both included, in the order of the chain. */
  public List<ChainLog> logs(long from, long to, List<Address> contracts) {
    EthFilter filter =
        new EthFilter(
            DefaultBlockParameter.valueOf(BigInteger.valueOf(from)),
            DefaultBlockParameter.valueOf(BigInteger.valueOf(to)),
            contracts.stream().map(Address::toString).toList());
    List<ChainLog> logs = new ArrayList<>();
    for (EthLog.LogResult<?> result : send("eth_getLogs", web3j.ethGetLogs(filter)).getLogs()) {
      if (result.get() instanceof Log log && !log.isRemoved()) {
        logs.add(chainLog(log));
      }
    }
    return logs;
  }

  /** How many transactions of an account stand in blocks. */
  public long nonce(Address account) {
    return send(
            "eth_getTransactionCount",
            web3j.ethGetTransactionCount(account.toString(), DefaultBlockParameterName.LATEST))
        .getTransactionCount()
        .longValueExact();
  }

  /** How many transactions of an account the node knows, those that wait for a block included. */
  public long pendingNonce(Address account) {
    return send(
            "eth_getTransactionCount",
            web3j.ethGetTransactionCount(account.toString(), DefaultBlockParameterName.PENDING))
        .getTransactionCount()
        .longValueExact();
  }

  /** A tip that nodes take, and a cap that outlasts several full blocks. */
  Fees fees() {
    BigInteger tip =
        send("eth_maxPriorityFeePerGas", web3j.ethMaxPriorityFeePerGas())
            .getMaxPriorityFeePerGas()
            .max(BigInteger.valueOf(1_000_000L));
    BigInteger base =
        Optional.ofNullable(
                send(
                        "eth_getBlockByNumber",
                        web3j.ethGetBlockByNumber(DefaultBlockParameterName.LATEST, false))
                    .getBlock()
                    .getBaseFeePerGas())
            .orElse(BigInteger.ZERO);
    return new Fees(tip, base.multiply(BigInteger.valueOf(3)).add(tip));
  }

  /** Tries a call from anybody's address against the newest block; nothing is stored. */
  public CallOutcome call(Address from, ContractCall call) {
    return call(call.from(from));
  }

  /** Runs a call against the newest block; nothing is stored. */
  CallOutcome call(Message message) {
    return outcome(
        "eth_call",
        web3j.ethCall(transaction(message), DefaultBlockParameterName.LATEST),
        answer -> Bytes.fromHex(String.valueOf(answer.getValue())));
  }

  /** The gas that a message takes, as 32 bytes, or why it would be refused. */
  CallOutcome estimateGas(Message message) {
    return outcome(
        "eth_estimateGas",
        web3j.ethEstimateGas(transaction(message)),
        answer -> Bytes.of(Bytes32.ofNumber(answer.getAmountUsed()).toArray()));
  }

  /** Hands over a signed transaction; one that the node already knows is no failure. */
  void broadcast(Bytes signed) {
    var answer = raw("eth_sendRawTransaction", web3j.ethSendRawTransaction(signed.toString()));
    if (answer.hasError()) {
      String message = String.valueOf(answer.getError().getMessage());
      if (!message.contains("already") && !message.contains("nonce too low")) {
        throw new ChainFailure("eth_sendRawTransaction: " + message);
      }
    }
  }

  /** The receipt of a transaction, empty while it stands in no block. */
  public Optional<Receipt> receipt(Bytes32 hash) {
    return send("eth_getTransactionReceipt", web3j.ethGetTransactionReceipt(hash.toString()))
        .getTransactionReceipt()
        .map(ChainClient::receipt);
  }

  @Override
  public void close() {
    web3j.shutdown();
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }

  private static Receipt receipt(TransactionReceipt receipt) {
    return new Receipt(
        Bytes32.fromHex(receipt.getTransactionHash()),
        receipt.getBlockNumber().longValueExact(),
        Bytes32.fromHex(receipt.getBlockHash()),
        receipt.getGasUsed().longValueExact(),
        receipt.isStatusOK(),
        Optional.ofNullable(receipt.getContractAddress()).map(Address::fromHex),
        receipt.getLogs().stream().map(ChainClient::chainLog).toList());
  }

  private static ChainLog chainLog(Log log) {
    return new ChainLog(
        Address.fromHex(log.getAddress()),
        log.getTopics().stream().map(Bytes32::fromHex).toList(),
        Bytes.fromHex(log.getData()),
        log.getBlockNumber().longValueExact(),
        Bytes32.fromHex(log.getBlockHash()),
        Bytes32.fromHex(log.getTransactionHash()),
        log.getLogIndex().longValueExact());
  }

  private static Transaction transaction(Message message) {
    return new Transaction(
        message.from().toString(),
        null,
        null,
        null,
        message.to().map(Address::toString).orElse(null),
        message.value().value(),
        message.data().toString());
  }

  private <T extends Response<?>> CallOutcome outcome(
      String method, Request<?, T> request, java.util.function.Function<T, Bytes> result) {
    T answer = raw(method, request);
    if (!answer.hasError()) {
      return new CallOutcome.Returned(result.apply(answer));
    }
    String message = String.valueOf(answer.getError().getMessage());
    Bytes data = revertData(answer.getError().getData());
    if (data.size() == 0 && !message.contains("revert")) {
      throw new ChainFailure(method + ": " + message);
    }
    return new CallOutcome.Reverted(ContractErrors.read(data, message));
  }

  private static Bytes revertData(@Nullable String data) {
    if (data == null) {
      return Bytes.EMPTY;
    }
    String text = data.replace("\"", "");
    return text.startsWith("0x") ? Bytes.fromHex(text) : Bytes.EMPTY;
  }

  private <T extends Response<?>> T send(String method, Request<?, T> request) {
    T answer = raw(method, request);
    if (answer.hasError()) {
      throw new ChainFailure(method + ": " + answer.getError().getMessage());
    }
    return answer;
  }

  private <T extends Response<?>> T raw(String method, Request<?, T> request) {
    try {
      return request.send();
    } catch (IOException e) {
      throw new ChainFailure(method + ": the chain's node does not answer", e);
    }
  }
}
