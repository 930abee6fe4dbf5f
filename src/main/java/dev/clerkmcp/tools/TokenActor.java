package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;

/** Who acts as somebody else through an actor token. */
public record TokenActor(@Arg("Who acts (user_...)") String sub) {}
