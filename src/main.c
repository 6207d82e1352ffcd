/* main.c - the `bourse` program: options, then the verb. */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int print_version(void) {
  printf("bourse %d.%d.%d, libbourse %s\n", BOURSE_VERSION_MAJOR, BOURSE_VERSION_MINOR, BOURSE_VERSION_PATCH,
         bourse_version());
  return CLI_OK;
}

static int run(const cli_options *options) {
  const char *name = options->word_count > 0 ? options->words[0] : NULL;
  if (options->version || (name != NULL && strcmp(name, "version") == 0)) return print_version();
  if (options->help) return cli_help(options, options->words, options->word_count > 0 ? 1 : 0);
  if (name == NULL) {
    cli_buffer text = {0};
    cli_usage_text(&text);
    fputs(text.data, stderr);
    cli_free_buffer(&text);
    return CLI_USAGE;
  }
  if (strcmp(name, "__complete") == 0) return cli_complete(options, options->words + 1, options->word_count - 1);
  const cli_verb *verb = cli_find_verb(name);
  if (verb == NULL) {
    if (bourse_operation_by_name(name) != 0)
      return cli_fail(CLI_USAGE, "\"%s\" is an operation: bourse call EXCHANGE %s ...", name, name);
    return cli_fail(CLI_USAGE, "there is no verb called \"%s\"; \"bourse help\" lists them", name);
  }
  return verb->run(options, options->words + 1, options->word_count - 1);
}

/* A descriptor 0, 1 or 2 that was closed would be given to the next socket, and output would go there. */
static void hold_standard_descriptors(void) {
  for (int fd = 0; fd <= 2; fd++)
    if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", O_RDONLY) < 0) _exit(CLI_LOCAL);
}

/* Output that was lost is a failure of its own, but never hides another, least of all an unknown outcome. */
static int finish_output(int code) {
  int failed = fflush(stdout) != 0 || ferror(stdout);
  int error = errno;
  if (!failed) return code;
  if (error != EPIPE) cli_fail(0, "output could not be written: %s", strerror(error));
  return code == CLI_OK ? CLI_LOCAL : code;
}

int main(int argc, char **argv) {
  cli_options options;
  hold_standard_descriptors();
  signal(SIGPIPE, SIG_IGN);
  int code = cli_parse_options(&options, argc, argv);
  if (code == CLI_OK) code = run(&options);
  cli_free_options(&options);
  return finish_output(code);
}
