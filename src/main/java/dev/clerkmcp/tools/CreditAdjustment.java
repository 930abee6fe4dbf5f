package dev.clerkmcp.tools;

import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** A change of a credit balance. */
public record CreditAdjustment(
    @Arg("Cents, above 0") long amount,
    @Arg("Which way") CreditAction action,
    @Arg("Default USD") @Nullable String currency,
    @Arg("New for each adjustment; same to repeat") String idempotencyKey,
    @Arg("For the ledger") @Nullable String note) {}
