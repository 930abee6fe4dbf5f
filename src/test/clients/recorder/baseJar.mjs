// The jar of a commit, built once in a work tree of its own and kept under target.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export function baseJar(root, commit, cache) {
  const git = (...args) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
  const id = git("rev-parse", "--verify", `${commit}^{commit}`);
  const jar = path.join(cache, `clerk-mcp-${id}.jar`);
  if (existsSync(jar)) {
    return jar;
  }
  console.log(`Building the jar of ${id}`);
  const folder = mkdtempSync(path.join(tmpdir(), "clerk-mcp-base-"));
  try {
    git("worktree", "add", "--detach", folder, id);
    execFileSync("mvn", ["-q", "-B", "-Dquick", "-DskipTests", "package"], {
      cwd: folder,
      stdio: "inherit",
    });
    mkdirSync(cache, { recursive: true });
    copyFileSync(path.join(folder, "target/clerk-mcp.jar"), jar);
  } finally {
    git("worktree", "remove", "--force", folder);
    rmSync(folder, { recursive: true, force: true });
  }
  return jar;
}
