package dev.clerkmcp.registry;

import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Declares the default fields of one type of Clerk's objects.
 *
 * <p>A column is a path such as {@code verification.status}. Its name is the last word of the path,
 * or a name of its own before an equals sign. The values of several paths are joined to one text:
 * {@code name = first_name + last_name}. {@code list[id_field]} is the item of a list whose ID is
 * the value of the field {@code id_field} of the whole object: {@code
 * email_addresses[primary_email_address_id].email_address} is the primary email address of a user.
 *
 * <p>{@code created_at as day} is a time of which a row shows the day in UTC alone; {@code
 * last_sign_in_at as day unless created_at} is left out of a row if it is on the day of the other
 * one. The description of the list says so. A whole object and an export have the full times.
 */
@Retention(RUNTIME)
@Target(TYPE)
@Repeatable(View.All.class)
public @interface View {
  /** The value of the field {@code object} in Clerk's answer. */
  String of();

  /** The columns of a row in a list. */
  String[] row();

  /**
   * Further names by which a caller may ask for a column that an object has: {@code role =
   * organization_role}. No answer shows it by such a name unasked.
   */
  String[] also() default {};

  /**
   * The flags: words that are shown if a condition holds. A condition is a path whose value must be
   * true or not empty ({@code banned}), must be neither ({@code !active}), or must be equal to a
   * text ({@code status:expired}). Its word is the last word of the path, or a word of its own
   * before an equals sign: {@code inactive = !active}.
   */
  String[] flags() default {};

  /** Further columns of an object that is not a row of a list; {@code *} is all other fields. */
  String[] more() default "*";

  /** Fields that {@code *} does not include. */
  String[] except() default {};

  /** Several views on one type. */
  @Retention(RUNTIME)
  @Target(TYPE)
  @interface All {
    View[] value();
  }
}
