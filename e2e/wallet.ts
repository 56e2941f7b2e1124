import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

/** How long the server may take to print its one-time link, and to end, in milliseconds. */
const PATIENCE = 20_000;

/** The release build, unless the environment names another. */
const BINARY = process.env.CLAVIGER_BIN ?? resolve(import.meta.dirname, "../target/release/claviger");

/** A running server with a data folder of its own. */
export interface Wallet {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** The one-time link that makes the first administrator. */
  readonly setupLink: string;
  /** Its `--data` folder: for commands that work beside the server. */
  readonly data: string;
  /** Runs `claviger <words> --data …` to its end and gives its standard output. */
  command(words: string[], standardInput?: string): Promise<string>;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
}

/** Starts the binary in `CLAVIGER_BIN` (the release build if unset) on a free loopback port. */
export async function startWallet(options: string[] = []): Promise<Wallet> {
  const data = await mkdtemp(join(tmpdir(), "claviger-e2e-"));
  const address = `127.0.0.1:${await freePort()}`;
  const server = spawn(BINARY, ["--data", data, "--listen", address, ...options], { stdio: ["ignore", "pipe", "pipe"] });
  const stop = async () => {
    await end(server);
    await rm(data, { recursive: true, force: true });
  };
  try {
    const setupLink = (await readLine(server, /https?:\/\/\S+\/setup#clvi_[0-9A-Za-z]+/))[0];
    const command = (words: string[], standardInput = "") => run([...words, "--data", data], standardInput);
    const url = new URL(setupLink).origin;
    return { url, setupLink, data, command, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A running `--demo`. */
export interface Demo {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** The sign-in that it printed. */
  readonly person: { email: string; password: string };
  /** Ends it; its folder goes with it. */
  stop(): Promise<void>;
}

/** Starts `claviger --demo` on a free loopback port. */
export async function startDemo(): Promise<Demo> {
  const address = `127.0.0.1:${await freePort()}`;
  const server = spawn(BINARY, ["--demo", "--listen", address], { stdio: ["ignore", "pipe", "pipe"] });
  try {
    const [, email, password] = await readLine(server, /(\S+@[\w.-]+).*password\S*\s+(\S+)/i);
    return { url: `http://localhost:${new URL(`http://${address}`).port}`, person: { email: email!, password: password! }, stop: () => end(server) };
  } catch (error) {
    await end(server);
    throw error;
  }
}

/** The first line of standard output that matches; both streams are read on, so that no pipe fills up. */
function readLine(server: ChildProcess, wanted: RegExp): Promise<RegExpMatchArray> {
  return new Promise((found, failed) => {
    const said: string[] = [];
    const fail = (why: string) => failed(new Error(`the server ${why}; it said:\n${said.join("\n")}`));
    const timer = setTimeout(() => fail(`printed nothing like ${wanted}`), PATIENCE);
    server.once("error", (error) => failed(error));
    server.once("exit", (code, signal) => fail(`ended (${signal ?? code})`));
    for (const stream of [server.stdout!, server.stderr!]) {
      createInterface(stream).on("line", (line) => {
        said.push(line);
        const match = stream === server.stdout ? line.match(wanted) : null;
        if (!match) return;
        clearTimeout(timer);
        found(match);
      });
    }
  });
}

async function run(words: string[], standardInput: string): Promise<string> {
  const child = spawn(BINARY, words, { stdio: ["pipe", "pipe", "pipe"] });
  let [output, complaint] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
  child.stdin.end(standardInput);
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`claviger ${words.join(" ")} ended with ${code}: ${complaint}`);
  return output;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
  await ended;
  clearTimeout(timer);
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, "close");
  return port;
}
