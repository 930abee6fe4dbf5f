package dev.clerkmcp.registry;

import dev.clerkmcp.clerk.ClerkClient;

/**
 * A Clerk instance that tools can be run on.
 *
 * @param name what callers and answers call it
 * @param clerk holds its key, which no other instance's requests are signed with
 * @param live whether it is a production instance, with real people in it
 * @param selection which tools are off on it
 */
public record Instance(String name, ClerkClient clerk, boolean live, Selection selection) {}
