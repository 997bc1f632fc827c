# syntax=docker/dockerfile:1
# The training worker on an NVIDIA GPU. CUDA comes in the Python wheels; the host brings the driver and the
# NVIDIA container toolkit. Built from the repository root: docker build -f docker/gpu.Dockerfile -t chboneai-gpu .
FROM python:3.11.13-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp \
    DJANGO_SETTINGS_MODULE=boneage_web.settings.prod BONEAGE_DATA_DIR=/data
WORKDIR /app
COPY requirements/base.lock requirements/ml-gpu.lock requirements/
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements/base.lock \
    && pip install --no-cache-dir --no-deps --require-hashes -r requirements/ml-gpu.lock
COPY manage.py LICENSE ./
COPY boneage_web/ boneage_web/
COPY annotations/ annotations/
COPY inference/ inference/
COPY training/ training/
RUN useradd --system --uid 10001 --user-group --no-create-home boneage && install -d -m 0700 -o boneage -g boneage /data
USER 10001:10001
VOLUME /data
CMD ["python", "manage.py", "worker", "--queue", "gpu"]
