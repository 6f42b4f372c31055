# Sourced by the scripts beside it: makes the virtual environment and installs into it where something changed.
# In: $extras, pip's extras ("" or "[dev]"). Out: $venv and $python. AUTHBOT_VENV names another folder than .venv.

venv=${AUTHBOT_VENV:-.venv}

find_python() {
  for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  echo "authbot: no Python 3.11 or newer was found; install one, or name it in PYTHON" >&2
  exit 2
}

if [ ! -x "$venv/bin/python" ]; then
  base=$(find_python) || exit 2
  "$base" -m venv "$venv" || {
    echo "authbot: the virtual environment could not be made; on Debian install python3-venv" >&2
    exit 2
  }
fi
python=$venv/bin/python

wanted="$extras $(cat pyproject.toml constraints.txt | cksum) $(pwd)"
have=$(cat "$venv/installed" 2>/dev/null || true)
case "$have" in
  "$wanted" | "[dev]${wanted#"$extras"}") ;;
  *)
    echo "authbot: installing into $venv (only when the dependencies change)" >&2
    "$python" -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".$extras" >&2 || {
      echo "authbot: the installation failed; what pip says stands above" >&2
      exit 2
    }
    echo "$wanted" >"$venv/installed"
    ;;
esac
