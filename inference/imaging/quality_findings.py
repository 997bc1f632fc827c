"""What a film can be found to be: the codes, and a sentence for each in both languages."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["info", "warning", "blocking"]

SENTENCES: dict[str, tuple[str, str]] = {
    "not_a_hand": (
        "This does not look like a hand (probability {value:.2f}, at least {threshold:.2f} expected). "
        "Check that it is the right picture.",
        "影像不像手部（概率 {value:.2f}，应不低于 {threshold:.2f}）。请确认影像是否正确。",
    ),
    "hand_not_found": (
        "The hand's outline was not found on the film. Check that it is the right picture.",
        "影像上未找到手部轮廓。请确认影像是否正确。",
    ),
    "two_hands": (
        "There seem to be two hands (probability {value:.2f}). Send the left hand alone: which one an age belongs to "
        "cannot be told.",
        "影像上似乎有两只手（概率 {value:.2f}）。请仅上传左手影像，否则无法判断骨龄属于哪只手。",
    ),
    "inverted": (
        "Bone is dark on this film (probability {value:.2f}): its header states the wrong polarity. Correct it at the "
        "source and send the film again; the grey values were not changed.",
        "影像中骨骼为暗色（概率 {value:.2f}），文件头的极性有误。请在来源系统更正后重新上传；灰度值未被更改。",
    ),
    "polarity_suspicious": (
        "The film may be inverted (probability {value:.2f}, at most {threshold:.2f} expected): check its polarity.",
        "影像可能反相（概率 {value:.2f}，应不高于 {threshold:.2f}）。请检查极性。",
    ),
    "turned": (
        "The film lies on its side or upside down. It is shown turned clockwise by {value:.0f} degrees; the pixels are "
        "unchanged.",
        "影像方向不正。显示时顺时针旋转 {value:.0f} 度；像素未被更改。",
    ),
    "mirrored": (
        "The thumb is on the side of a right hand: the film is mirrored or shows the right hand. It is shown mirrored; "
        "the pixels are unchanged. Check the side.",
        "拇指位于右手一侧：影像为镜像或拍摄的是右手。已镜像显示；像素未被更改。请核对左右。",
    ),
    "orientation_unsure": (
        "Which way up the hand lies is not clear (probability {value:.2f}, at least {threshold:.2f} expected). It is "
        "shown as stored: turn it by hand.",
        "无法确定手部的方向（概率 {value:.2f}，应不低于 {threshold:.2f}）。按原样显示，请手动旋转。",
    ),
    "fingers_cut": (
        "Fingers or thumb seem to be cut off (probability {value:.2f}, at most {threshold:.2f} expected).",
        "手指或拇指似乎被截断（概率 {value:.2f}，应不高于 {threshold:.2f}）。",
    ),
    "forearm_cut": (
        "The ends of radius and ulna seem to be cut off (probability {value:.2f}, at most {threshold:.2f} expected).",
        "桡骨和尺骨远端似乎被截断（概率 {value:.2f}，应不高于 {threshold:.2f}）。",
    ),
    "metal_or_cast": (
        "There seems to be metal or a cast on the hand (probability {value:.2f}, at most {threshold:.2f} expected): "
        "regions may be covered.",
        "手部似乎有金属或石膏（概率 {value:.2f}，应不高于 {threshold:.2f}），部分区域可能被遮挡。",
    ),
    "double_exposure": (
        "Two pictures seem to lie on one another (probability {value:.2f}, at most {threshold:.2f} expected).",
        "影像似乎为双重曝光（概率 {value:.2f}，应不高于 {threshold:.2f}）。",
    ),
    "low_resolution": (
        "The longer side has {value:.0f} pixels; below {threshold:.0f} growth plates blur. Send the original.",
        "影像长边仅 {value:.0f} 像素；低于 {threshold:.0f} 时骺板难以辨认。请上传原始影像。",
    ),
    "blurred": (
        "Edges of bone are soft (sharpness {value:.2f}, at least {threshold:.2f} expected): out of focus or moved.",
        "骨边缘模糊（清晰度 {value:.2f}，应不低于 {threshold:.2f}）：失焦或移动。",
    ),
    "looks_blurred": (
        "The picture looks blurred (probability {value:.2f}, at most {threshold:.2f} expected).",
        "影像看起来模糊（概率 {value:.2f}，应不高于 {threshold:.2f}）。",
    ),
    "noisy": (
        "Noise covers fine detail ({value:.3f} of the hand's grey range, at most {threshold:.3f} expected): "
        "underexposed.",
        "噪声掩盖细节（为手部灰度范围的 {value:.3f}，应不高于 {threshold:.3f}）：曝光不足。",
    ),
    "looks_noisy": (
        "The picture looks underexposed (probability {value:.2f}, at most {threshold:.2f} expected).",
        "影像看起来曝光不足（概率 {value:.2f}，应不高于 {threshold:.2f}）。",
    ),
    "low_contrast": (
        "The hand spans {value:.2f} of the film's grey range (at least {threshold:.2f} expected): check the exposure.",
        "手部仅占影像灰度范围的 {value:.2f}（应不低于 {threshold:.2f}）。请检查曝光。",
    ),
    "few_grey_levels": (
        "The hand has only {value:.0f} different grey values (at least {threshold:.0f} expected): detail was lost.",
        "手部仅有 {value:.0f} 个不同灰度值（应不少于 {threshold:.0f}），细节已丢失。",
    ),
    "saturated": (
        "{value:.0%} of the hand is at the brightest value (at most {threshold:.0%} expected): overexposed or clipped.",
        "手部有 {value:.0%} 处于最亮值（应不超过 {threshold:.0%}），曝光过度或被截断。",
    ),
    "looks_overexposed": (
        "The hand looks burnt out (probability {value:.2f}, at most {threshold:.2f} expected): check the exposure.",
        "手部看起来曝光过度（概率 {value:.2f}，应不高于 {threshold:.2f}）。请检查曝光。",
    ),
    "right_hand": (
        "The header says right hand; the atlas and the model are for the left one. It is shown mirrored.",
        "文件头标明为右手；图谱和模型均针对左手。已镜像显示。",
    ),
    "right_hand_looks_left": (
        "The header says right hand, but the thumb is where a left hand has it: check the side.",
        "文件头标明为右手，但拇指位于左手一侧。请核对左右。",
    ),
    "age_outside_range": (
        "The chronological age is {value:.0f} months; beyond {threshold:.0f} a bone age says nothing.",
        "实际年龄为 {value:.0f} 个月；超过 {threshold:.0f} 个月后骨龄已无意义。",
    ),
    "sex_missing": (
        "The sex is not known: state it before an age is estimated.",
        "性别未知：估计骨龄前请先填写。",
    ),
    "spacing_unknown": (
        "The pixel spacing is not known, so nothing can be measured in millimetres.",
        "像素间距未知，无法以毫米测量。",
    ),
}
"""Code -> (English, Chinese), with the measured value and the threshold put in."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    Attributes:
        code: key of :data:`SENTENCES`.
        severity: ``blocking`` keeps the film from being used; ``warning`` and ``info`` do not.
        value: what was measured; 0 where there is nothing to measure.
        threshold: what it was compared with.
        message_en: a sentence.
        message_zh: the same in Chinese.
    """

    code: str
    severity: Severity
    value: float
    threshold: float
    message_en: str
    message_zh: str


def finding(code: str, severity: Severity, value: float = 0.0, threshold: float = 0.0) -> Finding:
    """A finding with its sentences filled in."""
    english, chinese = (sentence.format(value=value, threshold=threshold) for sentence in SENTENCES[code])
    return Finding(code, severity, float(value), float(threshold), english, chinese)


def below(code: str, severity: Severity, value: float, threshold: float) -> list[Finding]:
    """The finding if the value is below the threshold."""
    return [finding(code, severity, value, threshold)] if value < threshold else []


def above(code: str, severity: Severity, value: float, threshold: float) -> list[Finding]:
    """The finding if the value is above the threshold."""
    return [finding(code, severity, value, threshold)] if value > threshold else []
