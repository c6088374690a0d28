package io.smartnodes.validator.ops.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smartnodes.chain.ChainClient;
import io.smartnodes.chain.deploy.Deployer;
import io.smartnodes.chain.deploy.DeploymentPlan;
import io.smartnodes.chain.deploy.NetworkProfile;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.crypto.Keystore;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.embedded.Anvil;
import io.smartnodes.embedded.EmbeddedPostgres;
import io.smartnodes.protocol.Amount;
import io.smartnodes.validator.ops.Ops;
import io.smartnodes.wire.deployment.Deployment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A right set of settings, and every wrong value with the one line that it gives. */
class PreflightTest {
  // The first of anvil's development accounts, worthless outside a local chain.
  private static final NodeKey FUNDED =
      NodeKey.of(
          Bytes32.fromHex("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"));
  private static final NodeKey NODE = NodeKey.of(Keccak.text("node"));
  private static final NodeKey STRANGER = NodeKey.of(Keccak.text("stranger"));

  @TempDir private static Path folder;
  private static EmbeddedPostgres postgres;
  private static Anvil anvil;
  private static Deployment deployment;

  @BeforeAll
  static void start() throws Exception {
    postgres = EmbeddedPostgres.start(folder.resolve("postgres"), 0);
    sql("create role poor login password 'poor'");
    Path binary =
        Path.of(System.getProperty("smartnodes.root"))
            .resolve("contracts/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil");
    anvil =
        Anvil.start(
            new Anvil.Settings(
                Anvil.find(Optional.of(binary)).orElseThrow(),
                0,
                31_337,
                0,
                10,
                Optional.empty(),
                folder.resolve("anvil.log")));
    DeploymentPlan plan =
        new DeploymentPlan(
            NetworkProfile.named(NetworkProfile.LOCAL),
            List.of(DeploymentPlan.Founder.withKeys(FUNDED, NODE, Amount.ofCoins(1_000))),
            Map.of(),
            FUNDED.address(),
            Address.ZERO,
            Keccak.text("seed"));
    try (ChainClient client = new ChainClient(anvil.rpcUrl())) {
      deployment = new Deployer(client, FUNDED).deploy(plan, folder.resolve("deployment.json"));
    }
    Files.writeString(folder.resolve("password"), "correct horse\n");
    Files.writeString(folder.resolve("other-password"), "battery staple\n");
    Files.writeString(folder.resolve("token"), "t".repeat(64));
    Files.writeString(folder.resolve("empty"), "\n");
    Files.writeString(
        folder.resolve("elsewhere.json"),
        Files.readString(folder.resolve("deployment.json"))
            .replaceFirst("\"chainId\" *: *31337", "\"chainId\" : 1"));
    keep("node.json", NODE);
    keep("stranger.json", STRANGER);
    keep("account.json", FUNDED);
  }

  @AfterAll
  static void stop() {
    anvil.close();
    postgres.close();
  }

  private static void keep(String name, NodeKey key) throws IOException {
    Keystore.write(folder.resolve(name), key, "correct horse", Keystore.Strength.LIGHT);
  }

  private static void sql(String statement) throws SQLException {
    try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl());
        Statement execute = connection.createStatement()) {
      execute.execute(statement);
    }
  }

  private static String file(String name) {
    return folder.resolve(name).toString();
  }

  private static Map<String, String> right() {
    Map<String, String> settings = new HashMap<>();
    settings.put("smartnodes.db.url", postgres.address());
    for (String unit : Databases.UNITS) {
      settings.put(Databases.userKey(unit), EmbeddedPostgres.USER);
      settings.put(Databases.passwordKey(unit), postgres.password());
    }
    settings.put("smartnodes.deployment", file("deployment.json"));
    settings.put("smartnodes.chain-id", "31337");
    settings.put("smartnodes.core-address", deployment.core().toString());
    settings.put("smartnodes.operator", FUNDED.address().toString());
    settings.put("smartnodes.peer-id", NODE.peerId().toString());
    settings.put("smartnodes.rpc.url", anvil.rpcUrl().toString());
    settings.put("smartnodes.keystore.file", file("node.json"));
    settings.put("smartnodes.keystore.password-file", file("password"));
    settings.put("smartnodes.account.keystore-file", file("account.json"));
    settings.put("smartnodes.signer.url", "https://localhost:1");
    settings.put("smartnodes.signer.token-file", file("token"));
    return settings;
  }

  private static Config config(Map<String, String> values) {
    return new SmallRyeConfigBuilder()
        .withSources(new PropertiesConfigSource(values, "test", 100))
        .build();
  }

  /** What is said when one setting is another; without it when it is empty. */
  private static List<String> saidWith(String... changes) {
    Map<String, String> settings = right();
    for (int i = 0; i < changes.length; i += 2) {
      if (changes[i + 1].isEmpty()) {
        settings.remove(changes[i]);
      } else {
        settings.put(changes[i], changes[i + 1]);
      }
    }
    return Preflight.run(config(settings)).stream()
        .map(finding -> finding.level() + " " + finding.area() + ": " + finding.text())
        .toList();
  }

  private static int closedPort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  @Test
  void rightSettingsGiveNothingToSay() {
    assertThat(saidWith()).isEmpty();
  }

  @Test
  void aWrongDatabasePasswordNamesTheUser() {
    assertThat(saidWith("quarkus.datasource.router.password", "wrong"))
        .containsExactly(
            "PROBLEM database: the database refuses the password of user \"postgres\" (for router)");
  }

  @Test
  void aMissingDatabaseSecretNamesItsSetting() {
    assertThat(saidWith("quarkus.datasource.ledger.password", ""))
        .containsExactly(
            "PROBLEM database: quarkus.datasource.ledger.password is not set: is the secret of the"
                + " database of ledger there?");
  }

  @Test
  void aDatabaseThatIsAwayOrUnknownIsNamed() throws IOException {
    int port = closedPort();
    assertThat(saidWith("smartnodes.db.url", "postgresql://localhost:" + port + "/postgres"))
        .singleElement()
        .asString()
        .startsWith("PROBLEM database: no database answers at localhost:" + port);
    assertThat(saidWith("smartnodes.db.url", postgres.address().replace("/postgres", "/elsewhere")))
        .singleElement()
        .asString()
        .startsWith("PROBLEM database: there is no database \"elsewhere\" at");
  }

  @Test
  void aUserThatMayNotMakeItsSchemaHearsWhatToGrant() {
    assertThat(
            saidWith(
                "quarkus.datasource.proposer.username", "poor",
                "quarkus.datasource.proposer.password", "poor"))
        .containsExactly(
            "PROBLEM database: user \"poor\" may not make the schema \"proposer\": grant create on"
                + " database \"postgres\" to it");
  }

  @Test
  void aBrokerThatIsAwayIsNamedAndOneThatIsNotUsedIsNotAsked() throws IOException {
    String broker = "localhost:" + closedPort();
    assertThat(saidWith("smartnodes.kafka.bootstrap-servers", broker)).isEmpty();
    assertThat(
            saidWith(
                "smartnodes.events.transport",
                "kafka",
                "smartnodes.kafka.bootstrap-servers",
                broker))
        .containsExactly("PROBLEM kafka: Kafka at " + broker + " does not answer");
    assertThat(saidWith("smartnodes.events.transport", "kafka"))
        .singleElement()
        .asString()
        .startsWith("PROBLEM kafka: smartnodes.kafka.bootstrap-servers is not set");
  }

  @Test
  void aSettingThatSeveralChecksMissIsToldOnce() {
    assertThat(saidWith("smartnodes.keystore.password-file", ""))
        .containsExactly(
            "PROBLEM keys: smartnodes.keystore.password-file is not set: give it, or"
                + " SMARTNODES_KEYSTORE_PASSWORD_FILE");
  }

  @Test
  void aKeystoreThatIsMissingOrClosedIsNamedWithoutItsPassword() {
    assertThat(saidWith("smartnodes.keystore.file", file("nowhere.json")))
        .containsExactly(
            "PROBLEM keys: smartnodes.keystore.file: there is no file "
                + file("nowhere.json")
                + "; is its secret mounted?");
    assertThat(
            saidWith(
                "smartnodes.keystore.password-file",
                file("other-password"),
                "smartnodes.account.password-file",
                file("password")))
        .containsExactly(
            "PROBLEM keys: smartnodes.keystore.file: keystore "
                + file("node.json")
                + ": wrong password");
    assertThat(saidWith("smartnodes.signer.token-file", file("empty")))
        .containsExactly(
            "PROBLEM keys: smartnodes.signer.token-file: the file " + file("empty") + " is empty");
  }

  @Test
  void aPeerIdThatIsNotTheKeysIsToldWithBoth() {
    assertThat(saidWith("smartnodes.peer-id", STRANGER.peerId().toString()))
        .containsExactly(
            "PROBLEM keys: smartnodes.peer-id is %s, the keystore's key is %s: correct the one that is wrong"
                .formatted(STRANGER.peerId(), NODE.peerId()));
  }

  @Test
  void aKeyThatNobodyHasIsAWarningOnly() {
    assertThat(
            saidWith(
                "smartnodes.keystore.file", file("stranger.json"),
                "smartnodes.peer-id", STRANGER.peerId().toString()))
        .singleElement()
        .asString()
        .startsWith("WARNING chain: unknown key: no validator has the node key");
  }

  @Test
  void aKeyOfAnotherOperatorIsAProblem() {
    assertThat(saidWith("smartnodes.operator", STRANGER.address().toString()))
        .containsExactly(
            "PROBLEM chain: the node key %s serves operator %s, smartnodes.operator is %s"
                .formatted(NODE.peerId(), FUNDED.address(), STRANGER.address()));
  }

  @Test
  void anAccountWithoutGasMoneyIsAWarning() {
    assertThat(saidWith("smartnodes.account.keystore-file", file("stranger.json")))
        .singleElement()
        .asString()
        .startsWith(
            "WARNING chain: account " + STRANGER.address() + " has no coins on chain 31337");
  }

  @Test
  void aNodeOfAnotherChainIsToldWithBothChains() {
    assertThat(
            saidWith("smartnodes.deployment", file("elsewhere.json"), "smartnodes.chain-id", "1"))
        .containsExactly("PROBLEM chain: the node serves chain 31337, the deployment is on 1");
    assertThat(saidWith("smartnodes.chain-id", "1"))
        .containsExactly("PROBLEM chain: smartnodes.chain-id is 1, the deployment is on 31337");
  }

  @Test
  void aNodeThatIsAwayIsToldWithoutTheSecretOfItsAddress() throws IOException {
    assertThat(saidWith("smartnodes.rpc.url", "http://localhost:" + closedPort() + "/secret"))
        .singleElement()
        .asString()
        .contains("the chain's node does not answer at localhost")
        .doesNotContain("secret");
    assertThat(saidWith("smartnodes.rpc.url", "localhost:8545/secret"))
        .containsExactly(
            "PROBLEM chain: smartnodes.rpc.url is no address: it begins with http:// or https://");
  }

  @Test
  void theCommandsMigrateOnceAndFindNothingAfterwards() {
    assertThat(command("migrate").lines())
        .hasSize(5)
        .allMatch(line -> line.matches("[a-z]+: [1-9][0-9]* migrations done"));
    assertThat(command("migrate").lines())
        .containsExactly(
            "registry: up to date",
            "router: up to date",
            "attestation: up to date",
            "ledger: up to date",
            "proposer: up to date");
    assertThat(command("check"))
        .isEqualToIgnoringNewLines("a validator can start with these settings");
    assertThat(command("check", "--output", "json")).contains("\"ok\" : true");
  }

  private static String command(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
    assertThat(Ops.run(config(right()), printed, printed, arguments))
        .as(out.toString(StandardCharsets.UTF_8))
        .isZero();
    return out.toString(StandardCharsets.UTF_8);
  }
}
