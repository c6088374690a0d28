// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {EcdsaVoteVerifier} from "../src/EcdsaVoteVerifier.sol";
import {MultisigTerms} from "../src/multisig/Terms.sol";
import {SmartnodesAccess} from "../src/SmartnodesAccess.sol";
import {SmartnodesCore} from "../src/SmartnodesCore.sol";
import {GovernorTerms, SmartnodesGovernor} from "../src/SmartnodesGovernor.sol";
import {SmartnodesMultisig} from "../src/SmartnodesMultisig.sol";
import {SmartnodesTimelock} from "../src/SmartnodesTimelock.sol";
import {SmartnodesToken} from "../src/SmartnodesToken.sol";
import {StructHash} from "../src/StructHash.sol";
import {AssetTerms, AssetTotals, Founder, Slash, Update} from "../src/Structs.sol";
import {Vm} from "../test/Vm.sol";

/// @title The cheat code that measures; each call of a test is a transaction of its own (forge --isolate)
interface Meter {
    function snapshotGasLastCall(string calldata group, string calldata name) external returns (uint256);
    function startSnapshotGas(string calldata group, string calldata name) external;
    function stopSnapshotGas() external returns (uint256);
}

/// @title An ordinary ERC-20
contract BenchCoin is ERC20 {
    constructor(address holder) ERC20("Coin", "COIN") {
        _mint(holder, 1e30);
    }
}

/// @title Hashes of updates from memory, for signing
contract UpdateHasher {
    function digest(Update calldata update) external pure returns (bytes32) {
        return StructHash.hash(update);
    }
}

/// @title All seven contracts with N validators that sign, and a meter
abstract contract BenchScene {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint64 internal constant GENESIS = 1_700_000_000;
    uint32 internal constant EPOCH = 3600;
    uint256 internal constant STAKE = 1000 ether;
    address internal constant NATIVE = address(0);
    address internal constant USER = address(0xA11CE);

    SmartnodesToken internal token;
    SmartnodesCore internal core;
    SmartnodesMultisig internal multisig;
    BenchCoin internal coin;
    UpdateHasher internal hasher;
    bytes internal set;

    function measure(string memory name) internal {
        Meter(address(vm)).snapshotGasLastCall("gas", name);
    }

    /// @dev Creations are not among the calls that can be measured afterwards.
    function begin(string memory name) internal {
        Meter(address(vm)).startSnapshotGas("gas", name);
    }

    function end() internal {
        Meter(address(vm)).stopSnapshotGas();
    }

    function operatorKey(uint256 i) internal pure returns (uint256) {
        return 0x0be0000 + i;
    }

    function nodeKey(uint256 i) internal pure returns (uint256) {
        return 0x4e0de00 + i;
    }

    function operator(uint256 i) internal pure returns (address) {
        return vm.addr(operatorKey(i));
    }

    /// @dev With `n` founders, and one more who holds SNO and may join.
    function deploy(uint256 n) internal {
        vm.warp(GENESIS);
        coin = new BenchCoin(USER);
        hasher = new UpdateHasher();
        address[] memory holders = new address[](n + 2);
        uint256[] memory amounts = new uint256[](n + 2);
        Founder[] memory founders = new Founder[](n);
        delete set;
        for (uint256 i = 0; i <= n; ++i) {
            (holders[i], amounts[i]) = (operator(i), 2 * STAKE);
            if (i < n) founders[i] = founder(i);
        }
        (holders[n + 1], amounts[n + 1]) = (USER, 1_000_000 ether);
        uint256 nonce = vm.getNonce(address(this));
        address access = vm.computeCreateAddress(address(this), nonce + 6);
        begin("deploy verifier");
        EcdsaVoteVerifier verifier = new EcdsaVoteVerifier();
        end();
        address next_ = vm.computeCreateAddress(address(this), nonce + 2);
        begin(string.concat("deploy token, holders=", vm.toString(n + 2)));
        token = new SmartnodesToken(next_, GENESIS, holders, amounts);
        end();
        next_ = vm.computeCreateAddress(address(this), nonce + 3);
        AssetTerms[] memory accepted = assets();
        begin("deploy core, assets=3");
        core = new SmartnodesCore(token, next_, access, GENESIS, keccak256("genesis"), accepted);
        end();
        begin(string.concat("deploy multisig, N=", vm.toString(n)));
        multisig = new SmartnodesMultisig(core, token, access, verifier, founders, terms(), keccak256("seed"));
        end();
        next_ = vm.computeCreateAddress(address(this), nonce + 5);
        begin("deploy timelock");
        SmartnodesTimelock timelock = new SmartnodesTimelock(2 days, next_);
        end();
        begin("deploy governor");
        new SmartnodesGovernor(token, timelock, GovernorTerms(1 days, 7 days, 1000 ether, 4));
        end();
        begin("deploy access");
        new SmartnodesAccess(address(timelock), address(core), address(0));
        end();
    }

    function assets() private view returns (AssetTerms[] memory list) {
        list = new AssetTerms[](2);
        list[0] = AssetTerms(NATIVE, 1e18);
        list[1] = AssetTerms(address(coin), 1e18);
    }

    function terms() private pure returns (MultisigTerms memory) {
        return MultisigTerms({
            epochLength: EPOCH,
            roundLength: 600,
            joinPeriod: 1 days,
            exitNotice: 1 days,
            unbonding: 21 days,
            minimumStake: STAKE
        });
    }

    function founder(uint256 i) private returns (Founder memory) {
        Vm.Wallet memory wallet = vm.createWallet(nodeKey(i));
        set = bytes.concat(set, bytes20(wallet.addr), bytes20(operator(i)));
        return Founder(operator(i), bytes32(wallet.publicKeyX), bytes32(wallet.publicKeyY), address(0), STAKE);
    }

    /// @dev The proof that node key `key` serves operator `i`, with its coordinates.
    function keyProof(uint256 key, uint256 i) internal returns (bytes32 x, bytes32 y, bytes memory proof) {
        Vm.Wallet memory wallet = vm.createWallet(key);
        (x, y) = (bytes32(wallet.publicKeyX), bytes32(wallet.publicKeyY));
        proof = sign(key, typed(StructHash.nodeKeyProof(operator(i), x, y)));
    }

    function stakeAll(uint256 n) internal {
        for (uint256 i = 0; i < n; ++i) {
            (,, bytes memory proof) = keyProof(nodeKey(i), i);
            vm.prank(operator(i));
            token.approve(address(multisig), STAKE);
            vm.prank(operator(i));
            multisig.stake(proof);
        }
    }

    function typed(bytes32 structHash) internal view returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(core.DOMAIN_SEPARATOR(), structHash);
    }

    function sign(uint256 key, bytes32 hash) internal pure returns (bytes memory) {
        (bytes32 r, bytes32 vs) = vm.signCompact(key, hash);
        return bytes.concat(r, vs);
    }

    /// @dev The next update: all of the inbox, and SNO that is minted and earned in every epoch.
    function next(uint256 jobs) internal view returns (Update memory update) {
        update.epoch = core.epoch() + 1;
        update.previousStateRoot = core.stateRoot();
        update.stateRoot = keccak256(abi.encode("state", update.epoch));
        update.bodyHash = keccak256(abi.encode("body", update.epoch, jobs));
        update.inboxCount = core.inboxLength();
        update.inboxHash = core.inboxHashAt(update.inboxCount);
        update.asOf = uint64(block.timestamp);
        uint256 earned = 100 ether * uint256(update.epoch);
        update.totals = new AssetTotals[](1);
        update.totals[0] = AssetTotals(address(token), core.received(address(token)), earned, 0, 0, earned);
        update.ejections = new address[](0);
        update.slashes = new Slash[](0);
        update.nextSetHash = keccak256(set);
    }

    /// @dev The votes of the first `count` positions.
    function votes(Update memory update, uint256 count) internal view returns (bytes memory all) {
        bytes32 hash = typed(StructHash.vote(update.epoch, 0, hasher.digest(update)));
        all = new bytes(32 + 64 * count);
        uint256 bitmap = (1 << count) - 1;
        assembly {
            mstore(add(all, 0x20), bitmap)
        }
        for (uint256 i = 0; i < count; ++i) {
            (bytes32 r, bytes32 vs) = vm.signCompact(nodeKey(i), hash);
            assembly {
                let at := add(add(all, 0x40), mul(i, 0x40))
                mstore(at, r)
                mstore(add(at, 0x20), vs)
            }
        }
    }

    /// @dev Executes with just enough votes of a set of `n`.
    function execute(Update memory update, uint256 n, bytes memory nextSet) internal {
        bytes memory all = votes(update, (2 * n) / 3 + 1);
        multisig.execute(update, 0, all, nextSet);
    }

    function executeSome(uint256 epochs, uint256 n) internal {
        for (uint256 i = 0; i < epochs; ++i) {
            vm.warp(multisig.epochStart() + 60);
            execute(next(0), n, "");
        }
        vm.warp(multisig.epochStart() + 60);
    }
}
