"""What the benches say of the machine, and where their results go."""
import re
from pathlib import Path


def cpu_name():
    with open('/proc/cpuinfo') as file:
        info = dict(line.split(':', 1) for line in file.read().split('\n\n')[0].splitlines() if ':' in line)
    info = {name.strip(): value.strip() for name, value in info.items()}
    widest = next((name for flag, name in (('avx512f', 'AVX-512'), ('avx2', 'AVX2')) if flag in info.get('flags', '').split()), '')
    family = f'family {info.get("cpu family")} model {info.get("model")}'
    return f'{info.get("model name", "unknown")} {family} {widest}'.strip()


def results_folder():
    """results/<cpu>"""
    return Path(__file__).resolve().parent / 'results' / re.sub(r'[^a-z0-9]+', '-', cpu_name().lower()).strip('-')
