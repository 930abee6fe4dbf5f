/** Limits how much is done in an hour on live keys without a person's approval. */
@NullMarked
package dev.clerkmcp.interceptor.limit;

import org.jspecify.annotations.NullMarked;
